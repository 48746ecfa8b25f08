"""Fixtures that all tests may ask for. Settings of the shell that runs the tests do not reach them."""

import os

from tests.support.applying import at_once
from tests.support.caches import each_cache, redis_server
from tests.support.matching import match_alone, match_database, match_db
from tests.support.notices import notification_database, notification_db
from tests.support.platform import (
    apply_database,
    apply_db,
    job_database,
    job_db,
    matching_db,
    resume_database,
    resume_db,
)
from tests.support.postgres import cluster_dsn, cluster_server, cluster_settings, fresh_database
from tests.support.user_db import cheap, user_db, user_template
from tests.support.vectors_db import vectors_database, vectors_db, vectors_db_with, vectors_on_bus, vectors_template
from tests.support.whole import whole_database, whole_db

for name in [name for name in os.environ if name.startswith("HIREHUB_")]:
    del os.environ[name]

__all__ = [
    "apply_database",
    "apply_db",
    "at_once",
    "cheap",
    "cluster_dsn",
    "cluster_server",
    "cluster_settings",
    "each_cache",
    "fresh_database",
    "job_database",
    "job_db",
    "match_alone",
    "match_database",
    "match_db",
    "matching_db",
    "notification_database",
    "notification_db",
    "redis_server",
    "resume_database",
    "resume_db",
    "user_db",
    "user_template",
    "vectors_database",
    "vectors_db",
    "vectors_db_with",
    "vectors_on_bus",
    "vectors_template",
    "whole_database",
    "whole_db",
]
