"""Why a subject has its result, and what differs between definitions: read from results alone."""
