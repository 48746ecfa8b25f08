"""The database of `match` through time: revisions in `versions`. One is never changed once a release holds it."""
