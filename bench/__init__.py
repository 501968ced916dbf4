"""Measurements: how good, how fair, how fast, how robust."""
