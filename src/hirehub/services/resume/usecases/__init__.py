"""The verbs of `resume`: they take a transaction and never commit."""
