"""The rules of applications."""
