"""The service `ai` without a server."""
