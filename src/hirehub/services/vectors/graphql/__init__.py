"""GraphQL over the use cases: types, fields, limits, and the endpoint that answers requests."""
