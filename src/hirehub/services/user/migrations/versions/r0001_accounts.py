"""Accounts with their sessions and profiles, companies with their members, and mails that wait to leave."""

from alembic import op

from hirehub.kernel.db.idempotency import CREATE_1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ACCOUNTS = """
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    cognito_sub varchar(255) UNIQUE NOT NULL,
    email varchar(255) UNIQUE NOT NULL,
    user_type varchar(20) NOT NULL CHECK (user_type IN ('jobseeker', 'company', 'admin')),
    status varchar(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'deleted')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    password_hash text,
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    CONSTRAINT users_email_lower CHECK (email = lower(email COLLATE "C"))
);
CREATE INDEX idx_users_cognito_sub ON users (cognito_sub);
CREATE INDEX idx_users_email ON users (email);
CREATE INDEX idx_users_user_type ON users (user_type);

CREATE TABLE user_session (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason varchar(20) CHECK (end_reason IN ('log_out', 'reuse', 'password', 'suspended', 'deleted')),
    CONSTRAINT user_session_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX idx_user_session_user_id ON user_session (user_id);
CREATE INDEX idx_user_session_expires_at ON user_session (expires_at);

CREATE TABLE refresh_token (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES user_session (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX idx_refresh_token_session_id ON refresh_token (session_id);

CREATE TABLE jobseeker_profiles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    name varchar(100),
    phone varchar(20),
    experience_years integer CHECK (experience_years BETWEEN 0 AND 80),
    desired_position varchar(100),
    desired_salary_min integer CHECK (desired_salary_min >= 0),
    desired_salary_max integer CHECK (desired_salary_max >= 0),
    skills text[] CHECK (cardinality(skills) <= 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    CONSTRAINT jobseeker_profiles_salary CHECK (desired_salary_min <= desired_salary_max)
);
CREATE INDEX idx_jobseeker_profiles_user_id ON jobseeker_profiles (user_id);
"""

_COMPANIES = """
CREATE TABLE companies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(200) NOT NULL CHECK (name <> ''),
    business_number varchar(20) UNIQUE,
    industry varchar(100),
    company_size varchar(50) CHECK (company_size IN ('1-10', '11-50', '51-200', '201-500', '500+')),
    location varchar(200),
    logo_url varchar(500),
    description text CHECK (length(description) <= 20000),
    status varchar(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);

CREATE TABLE company_members (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name varchar(100),
    position varchar(100),
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT company_members_once UNIQUE (user_id, company_id)
);
CREATE INDEX idx_company_members_company_id ON company_members (company_id);
"""

_MAILS = """
CREATE TABLE mail_token (
    id uuid PRIMARY KEY,
    purpose varchar(20) NOT NULL CHECK (purpose IN ('confirm', 'email', 'reset', 'invite')),
    email varchar(255) NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    password_hash text,
    user_type varchar(20) CHECK (user_type IN ('jobseeker', 'company')),
    token_hash bytea UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX idx_mail_token_user_id ON mail_token (user_id);
CREATE INDEX idx_mail_token_expires_at ON mail_token (expires_at);

CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    email varchar(255) NOT NULL,
    name varchar(100),
    position varchar(100),
    is_primary boolean NOT NULL DEFAULT false,
    invited_by uuid REFERENCES users (id) ON DELETE SET NULL,
    token_id uuid NOT NULL UNIQUE REFERENCES mail_token (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_invitation_company_id ON invitation (company_id);

CREATE TABLE mail_outbox (
    id uuid PRIMARY KEY,
    kind varchar(20) NOT NULL
        CHECK (kind IN ('welcome', 'exists', 'confirm', 'email', 'reset', 'invite', 'nothing')),
    language varchar(2) NOT NULL CHECK (language IN ('en', 'ko')),
    email varchar(255) NOT NULL,
    token_id uuid REFERENCES mail_token (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    lease uuid
);
CREATE INDEX idx_mail_outbox_next_attempt_at ON mail_outbox (next_attempt_at);
"""

_TABLES = (
    "mail_outbox, invitation, mail_token, company_members, companies, jobseeker_profiles, refresh_token, user_session,"
    " users, idempotency_key"
)


def upgrade() -> None:
    """Makes everything."""
    for statement in (_ACCOUNTS, _COMPANIES, _MAILS, CREATE_1):
        op.execute(statement)


def downgrade() -> None:
    """Removes everything."""
    op.execute(f"DROP TABLE {_TABLES}")
