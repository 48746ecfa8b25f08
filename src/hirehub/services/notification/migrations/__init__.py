"""The database of `notification` through time: revisions in `versions`.

A revision is never changed once a release holds it.
"""
