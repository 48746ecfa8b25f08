"""Posts and resumes as they are compared: pure functions of what their services say."""
