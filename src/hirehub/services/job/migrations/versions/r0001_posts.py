"""Posts, skill tags and what links them, views to be counted, and the bus's tables."""

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import idempotency

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_POSTS = """
CREATE TABLE jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id uuid NOT NULL,
    title varchar(200) NOT NULL CHECK (title <> ''),
    description text,
    requirements text,
    job_type varchar(50) CHECK (job_type IN ('full-time', 'contract', 'intern')),
    experience_level varchar(50) CHECK (experience_level IN ('entry', 'junior', 'mid', 'senior')),
    experience_min integer CHECK (experience_min BETWEEN 0 AND 60),
    experience_max integer CHECK (experience_max BETWEEN 0 AND 60),
    salary_min integer CHECK (salary_min BETWEEN 0 AND 2000000000),
    salary_max integer CHECK (salary_max BETWEEN 0 AND 2000000000),
    location varchar(200),
    remote_type varchar(50) CHECK (remote_type IN ('onsite', 'remote', 'hybrid')),
    status varchar(20) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'closed')),
    views_count integer NOT NULL DEFAULT 0 CHECK (views_count >= 0),
    applies_count integer NOT NULL DEFAULT 0 CHECK (applies_count >= 0),
    posted_at timestamptz,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    reference varchar(200),
    CONSTRAINT jobs_experience CHECK (experience_min <= experience_max),
    CONSTRAINT jobs_salary CHECK (salary_min <= salary_max),
    CONSTRAINT jobs_posted CHECK (status = 'draft' OR posted_at IS NOT NULL)
);
CREATE INDEX idx_jobs_company_id ON jobs (company_id);
CREATE INDEX idx_jobs_status ON jobs (status);
CREATE INDEX idx_jobs_posted_at ON jobs (posted_at DESC);
CREATE INDEX idx_jobs_location ON jobs (location);
CREATE INDEX idx_jobs_open ON jobs (posted_at DESC, id DESC) WHERE status = 'open';
CREATE INDEX idx_jobs_expires_at ON jobs (expires_at) WHERE status = 'open';
CREATE UNIQUE INDEX idx_jobs_reference ON jobs (company_id, reference) WHERE reference IS NOT NULL;
"""

_SKILLS = """
CREATE TABLE skill_tags (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) UNIQUE NOT NULL CHECK (name <> ''),
    category varchar(50) CHECK (category IN
        ('language', 'framework', 'database', 'cloud', 'tool', 'method', 'soft', 'domain'))
);
CREATE INDEX idx_skill_tags_category ON skill_tags (category);
CREATE UNIQUE INDEX idx_skill_tags_lower ON skill_tags (lower(name));
CREATE TABLE job_skills (
    job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    skill_id uuid NOT NULL REFERENCES skill_tags (id),
    is_required boolean NOT NULL DEFAULT true,
    PRIMARY KEY (job_id, skill_id)
);
CREATE INDEX idx_job_skills_skill_id ON job_skills (skill_id);
"""

_VIEWS = """
CREATE TABLE view_tally (
    job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    slot smallint NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (job_id, slot)
);
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_POSTS, _SKILLS, _VIEWS, idempotency.CREATE_1, ddl.CREATE_OUTBOX_1, ddl.CREATE_INBOX_1):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything."""
    op.execute(ddl.DROP)
    op.execute("DROP TABLE idempotency_key, view_tally, job_skills, skill_tags, jobs")
