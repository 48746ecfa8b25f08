"""The verbs of the service; each takes a transaction and never commits."""
