"""Pickled frames of old pandas versions, and the script that made them."""
