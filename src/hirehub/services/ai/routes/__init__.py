"""The HTTP side of the service: requests to answers; no rules."""
