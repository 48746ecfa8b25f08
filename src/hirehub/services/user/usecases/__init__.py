"""The verbs of the service. They take a transaction and never commit; whoever opened it does."""
