"""Checks of ADaM data that a study brings."""

CHECKS = ()
