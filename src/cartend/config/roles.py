"""The parts an endpoint may play in a study, the most important first (D36)."""

ROLES = ("primary", "key secondary", "secondary", "sensitivity", "exploratory")
LEADING = ROLES[:2]
