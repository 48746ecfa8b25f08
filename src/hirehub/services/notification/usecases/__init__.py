"""The verbs of `notification`: they take a transaction and never commit; sending opens its own around a mail."""
