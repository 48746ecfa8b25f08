"""The database of `resume` through time. A revision is never changed once a release holds it."""
