"""Text to vectors: a model is a folder, a hub's name, or an address; `port.py` is what the rest of the service sees."""
