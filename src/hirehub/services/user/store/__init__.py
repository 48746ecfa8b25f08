"""All SQL of the service, one file a table or two; every statement says in a line what it is for."""
