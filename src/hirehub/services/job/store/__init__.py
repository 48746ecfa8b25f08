"""Every SQL statement of `job`."""
