"""The verbs of `apply`: they take a transaction and never commit."""
