"""Every SQL statement of `resume`."""
