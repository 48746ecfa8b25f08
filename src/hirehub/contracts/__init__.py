"""What services say to each other: facts, shapes and wire messages. No input or output happens here."""
