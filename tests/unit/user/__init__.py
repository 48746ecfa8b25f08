"""The rules of accounts and companies."""
