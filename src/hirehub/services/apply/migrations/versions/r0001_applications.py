"""Applications, their history, interviews, and the bus's tables.

The history is written once: a trigger refuses every change of it, whoever asks, since rights alone would be given back
with those on all tables, and would not hold where a row goes because its application does.
"""

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import idempotency

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATUSES = (
    "'submitted', 'reviewing', 'interview_scheduled', 'interview_completed', 'offered', 'accepted', 'rejected',"
    " 'withdrawn'"
)

_APPLICATIONS = f"""
CREATE TABLE applications (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL,
    user_id uuid NOT NULL,
    resume_id uuid NOT NULL,
    company_id uuid NOT NULL,
    job_title varchar(200) NOT NULL,
    cover_letter text,
    status varchar(30) NOT NULL DEFAULT 'submitted' CHECK (status IN ({_STATUSES})),
    match_score numeric(5, 2) CHECK (match_score BETWEEN 0 AND 100),
    applied_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    pending_status varchar(30) CHECK (pending_status = 'rejected'),
    pending_until timestamptz,
    pending_by uuid,
    pending_note text,
    UNIQUE (job_id, user_id),
    CONSTRAINT applications_pending CHECK (
        num_nulls(pending_status, pending_until, pending_by) = 0
        OR num_nulls(pending_status, pending_until, pending_by, pending_note) = 4),
    CONSTRAINT applications_ended CHECK (
        pending_status IS NULL OR status NOT IN ('accepted', 'rejected', 'withdrawn'))
);
CREATE INDEX idx_applications_job_id ON applications (job_id);
CREATE INDEX idx_applications_user_id ON applications (user_id);
CREATE INDEX idx_applications_company_id ON applications (company_id, id DESC);
CREATE INDEX idx_applications_status ON applications (status);
CREATE INDEX idx_applications_applied_at ON applications (applied_at DESC);
CREATE INDEX idx_applications_pending ON applications (pending_until) WHERE pending_status IS NOT NULL;
"""

_EVENTS = f"""
CREATE TABLE application_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    application_id uuid NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 1),
    event_type varchar(50) NOT NULL CHECK (event_type IN
        ('status_changed', 'interview_scheduled', 'feedback_added', 'interview_completed', 'interview_cancelled')),
    from_status varchar(30) CHECK (from_status IN ({_STATUSES})),
    to_status varchar(30) CHECK (to_status IN ({_STATUSES})),
    actor_id uuid,
    actor_type varchar(20) CHECK (actor_type IN ('jobseeker', 'company', 'system')),
    payload jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (application_id, number)
);
CREATE INDEX idx_application_events_application_id ON application_events (application_id);
CREATE INDEX idx_application_events_created_at ON application_events (created_at DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' is history: it is neither changed nor removed';
END $$;
CREATE TRIGGER application_events_stay BEFORE UPDATE OR DELETE ON application_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

_INTERVIEWS = """
CREATE TABLE interviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    application_id uuid NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    interview_type varchar(30) NOT NULL CHECK (interview_type IN ('phone', 'video', 'onsite', 'assignment')),
    scheduled_at timestamptz NOT NULL,
    time_zone varchar(64) NOT NULL DEFAULT 'Asia/Seoul' CHECK (time_zone <> ''),
    duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 1 AND 20160),
    location varchar(500),
    status varchar(20) NOT NULL DEFAULT 'scheduled' CHECK (status IN ('scheduled', 'completed', 'cancelled')),
    feedback text,
    interviewer_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
CREATE INDEX idx_interviews_application_id ON interviews (application_id);
CREATE INDEX idx_interviews_scheduled_at ON interviews (scheduled_at);
CREATE INDEX idx_interviews_interviewer_id ON interviews (interviewer_id, scheduled_at) WHERE status = 'scheduled';
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_APPLICATIONS, _EVENTS, _INTERVIEWS, idempotency.CREATE_1, ddl.CREATE_OUTBOX_1):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything."""
    op.execute("DROP TABLE outbox, idempotency_key, interviews, application_events, applications")
    op.execute("DROP FUNCTION refuse_change")
