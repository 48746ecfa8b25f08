"""Addresses of gRPC servers as people write them: HOST:PORT, or unix:PATH."""

_PORTS = 65_535


def is_target(text: str) -> bool:
    """Whether gRPC would dial what was meant; of a port beyond 65535, say, it dials another."""
    host, _, port = text.rpartition(":")
    named = text.startswith("unix:") or (host and port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _PORTS)
    return bool(named) and not any(letter.isspace() for letter in text)
