"""The rules of resumes."""
