"""Every SQL statement of `match`."""
