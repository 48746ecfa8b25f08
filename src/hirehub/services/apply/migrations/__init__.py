"""The database of `apply` through time: revisions in `versions`. One is never changed once a release holds it."""
