"""The HTTP side of the service: requests to use cases to answers; no rules."""
