"""The rules of job posts."""
