"""Fixtures that all tests may ask for."""

from tests.support.postgres import cluster_dsn, cluster_server, cluster_settings, fresh_database

__all__ = ["cluster_dsn", "cluster_server", "cluster_settings", "fresh_database"]
