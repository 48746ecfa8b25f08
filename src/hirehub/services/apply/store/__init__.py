"""Every SQL statement of `apply`."""
