"""Every SQL statement of `notification`."""
