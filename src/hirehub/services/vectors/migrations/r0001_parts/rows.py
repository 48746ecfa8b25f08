"""Metadata and vectors of recruits and candidates.

Vectors are stored PLAIN: up to 2,000 floats fit a page, and a scan that need not fetch them from a side table is
two to three times faster at 768 floats and above (measured).
"""

from collections.abc import Sequence
from typing import Any

METADATA = """
CREATE TABLE recruit_metadata (
    id uuid PRIMARY KEY,
    company_name text NOT NULL,
    exp_years integer NOT NULL CHECK (exp_years >= 0),
    english_level text,
    primary_keyword text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_recruit_metadata_updated_at ON recruit_metadata (updated_at);
CREATE INDEX idx_recruit_metadata_company_exp ON recruit_metadata (company_name, exp_years);
CREATE INDEX idx_recruit_metadata_recent_updates ON recruit_metadata (updated_at DESC);

CREATE TABLE candidate_metadata (
    id uuid PRIMARY KEY,
    name varchar(255) NOT NULL,
    skills text[],
    experience_years integer NOT NULL CHECK (experience_years >= 0),
    education_level varchar(100),
    preferred_location varchar(255),
    expected_salary integer CHECK (expected_salary > 0 OR expected_salary IS NULL),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_candidate_metadata_updated_at ON candidate_metadata (updated_at);
CREATE INDEX idx_candidate_metadata_name ON candidate_metadata (name);
CREATE INDEX idx_candidate_metadata_exp_edu ON candidate_metadata (experience_years, education_level);
CREATE INDEX idx_candidate_metadata_skills_gin ON candidate_metadata USING gin (skills);
CREATE INDEX idx_candidate_metadata_recent_updates ON candidate_metadata (updated_at DESC);
"""

DROP = "DROP TABLE recruit_embedding, candidate_embedding, recruit_metadata, candidate_metadata"

_OPERATORS = {"cosine": "vector_cosine_ops", "l2": "vector_l2_ops", "ip": "vector_ip_ops"}


def levels(allowed: Sequence[str]) -> str:
    """The check that an English level is one of the configured ones."""
    words = ", ".join("'" + level.replace("'", "''") + "'" for level in allowed)
    test = f"english_level IN ({words})" if words else "english_level IS NULL"
    return f"ALTER TABLE recruit_metadata ADD CONSTRAINT recruit_metadata_english_level_check CHECK ({test})"


def embedding(domain: str, dimension: int) -> str:
    """A domain's table of vectors."""
    return f"""
CREATE TABLE {domain}_embedding (
    id uuid PRIMARY KEY REFERENCES {domain}_metadata (id) ON DELETE CASCADE,
    vector vector({dimension}) STORAGE PLAIN NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_{domain}_embedding_updated_at ON {domain}_embedding (updated_at);
"""


def ann_index(domain: str, index: Any) -> str:  # noqa: ANN401 - a revision names no class that may change after it
    """The index over a domain's vectors."""
    parameters = {
        "hnsw": f"m = {index.m}, ef_construction = {index.ef_construction}",
        "ivfflat": f"lists = {index.lists}",
    }[index.kind]
    return (
        f"CREATE INDEX {domain}_embedding_ann ON {domain}_embedding"
        f" USING {index.kind} (vector {_OPERATORS[index.metric]}) WITH ({parameters})"
    )
