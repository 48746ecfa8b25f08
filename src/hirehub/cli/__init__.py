"""The command `hirehub`: parses words, calls a use case, prints the outcome. No rules live here."""
