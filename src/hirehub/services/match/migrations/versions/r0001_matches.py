"""Match results, feedback, what is known of posts and people, who is gone, and the bus's tables."""

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import idempotency

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MATCHES = """
CREATE TABLE matches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL,
    resume_id uuid NOT NULL,
    user_id uuid NOT NULL,
    overall_score numeric(5, 2) CHECK (overall_score BETWEEN 0 AND 100),
    skill_score numeric(5, 2) CHECK (skill_score BETWEEN 0 AND 100),
    experience_score numeric(5, 2) CHECK (experience_score BETWEEN 0 AND 100),
    culture_score numeric(5, 2) CHECK (culture_score BETWEEN 0 AND 100),
    score_breakdown jsonb,
    ai_reasoning text,
    is_recommended boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    company_id uuid NOT NULL,
    low_score numeric(5, 2) CHECK (low_score BETWEEN 0 AND 100),
    high_score numeric(5, 2) CHECK (high_score BETWEEN 0 AND 100),
    rank bigint NOT NULL,
    job_version bigint NOT NULL,
    resume_version bigint NOT NULL,
    calculated_at timestamptz NOT NULL,
    stamp uuid NOT NULL DEFAULT gen_random_uuid(),
    UNIQUE (job_id, resume_id),
    CONSTRAINT matches_range CHECK (low_score <= high_score),
    CONSTRAINT matches_recommended CHECK (NOT is_recommended OR overall_score IS NOT NULL)
);
CREATE INDEX idx_matches_job_id ON matches (job_id);
CREATE INDEX idx_matches_user_id ON matches (user_id);
CREATE INDEX idx_matches_overall_score ON matches (overall_score DESC);
CREATE INDEX idx_matches_is_recommended ON matches (is_recommended) WHERE is_recommended = true;
CREATE INDEX idx_matches_of_post ON matches (job_id, rank DESC, id DESC);
CREATE INDEX idx_matches_of_resume ON matches (resume_id, rank DESC, id DESC);
CREATE INDEX idx_matches_of_person ON matches (user_id, job_id, rank DESC, id DESC) WHERE is_recommended;

CREATE TABLE match_feedback (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    match_id uuid NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    feedback_type varchar(20) NOT NULL CHECK (feedback_type IN ('helpful', 'not_helpful', 'hired', 'rejected')),
    feedback_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (match_id, feedback_by)
);
CREATE INDEX idx_match_feedback_by ON match_feedback (feedback_by);
"""

_KNOWN = """
CREATE TABLE post (
    job_id uuid PRIMARY KEY,
    company_id uuid NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'open' CHECK (status IN ('draft', 'open', 'closed')),
    told_at timestamptz,
    stamp uuid NOT NULL DEFAULT gen_random_uuid()
);
CREATE TABLE person (
    user_id uuid PRIMARY KEY,
    stamp uuid NOT NULL DEFAULT gen_random_uuid()
);
CREATE TABLE recommended_pair (
    user_id uuid NOT NULL,
    job_id uuid NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, job_id)
);
CREATE TABLE removed_resume (
    resume_id uuid PRIMARY KEY,
    removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE removed_person (
    user_id uuid PRIMARY KEY,
    removed_at timestamptz NOT NULL DEFAULT now()
);
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_MATCHES, _KNOWN, idempotency.CREATE_1, ddl.CREATE_OUTBOX_1, ddl.CREATE_INBOX_1):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything."""
    op.execute(ddl.DROP)
    op.execute(
        "DROP TABLE idempotency_key, match_feedback, matches, post, person, recommended_pair, removed_resume,"
        " removed_person"
    )
