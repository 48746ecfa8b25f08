"""The bus's database through time."""
