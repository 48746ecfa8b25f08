"""The services. None imports another: they listen to facts, or call a port of `contracts`."""
