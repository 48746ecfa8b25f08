"""Rules of `notification`; pure."""
