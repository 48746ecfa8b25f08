"""The database behind the PostgreSQL transport: the log of facts, and who may tell and hear which topics."""
