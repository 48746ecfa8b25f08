"""The verbs of the service; they speak to the store and know no transport."""
