"""The database of `vectors` through time: revisions in `versions`, what follows the settings in `follow`.

A revision is never changed once a release holds it.
"""
