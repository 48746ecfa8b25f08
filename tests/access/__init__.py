"""Who may do what: the table of every route, and the walk over all of it."""
