"""Measures a stage on data with known answers: pure functions from records to figures, no reading of settings."""
