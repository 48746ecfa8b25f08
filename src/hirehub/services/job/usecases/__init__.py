"""The verbs of `job`: they take a transaction and never commit."""
