"""Rules of `match`."""
