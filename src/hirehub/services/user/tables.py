"""The tables of `user`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import counter, flag, moment, one_of, stamped, uuid_key, version
from hirehub.kernel.db.idempotency import idempotency_table

METADATA = MetaData()


def _owner(name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE") -> Column[object]:
    return Column(name, Uuid, ForeignKey(target, ondelete=ondelete), nullable=nullable)


USERS = Table(
    "users",
    METADATA,
    uuid_key(),
    Column("cognito_sub", String(255), unique=True, nullable=False),
    Column("email", String(255), unique=True, nullable=False),
    one_of("user_type", 20, ("jobseeker", "company", "admin")),
    one_of("status", 20, ("active", "suspended", "deleted")),
    stamped("created_at"),
    stamped("updated_at"),
    Column("password_hash", Text),
    version(),
    CheckConstraint('email = lower(email COLLATE "C")', name="users_email_lower"),
)
Index("idx_users_cognito_sub", USERS.c.cognito_sub)
Index("idx_users_email", USERS.c.email)
Index("idx_users_user_type", USERS.c.user_type)

USER_SESSION = Table(
    "user_session",
    METADATA,
    uuid_key(made=False),
    _owner("user_id", "users.id"),
    stamped("created_at"),
    moment("expires_at", needed=True),
    moment("ended_at"),
    one_of("end_reason", 20, ("log_out", "reuse", "password", "suspended", "deleted"), needed=False),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="user_session_ended"),
)
Index("idx_user_session_user_id", USER_SESSION.c.user_id)
Index("idx_user_session_expires_at", USER_SESSION.c.expires_at)
Index("idx_user_session_ended_at", USER_SESSION.c.ended_at, postgresql_where=text("ended_at IS NOT NULL"))

REFRESH_TOKEN = Table(
    "refresh_token",
    METADATA,
    Column("token_hash", LargeBinary, CheckConstraint("length(token_hash) = 32"), primary_key=True),
    _owner("session_id", "user_session.id"),
    stamped("created_at"),
    moment("expires_at", needed=True),
    moment("used_at"),
)
Index("idx_refresh_token_session_id", REFRESH_TOKEN.c.session_id)

JOBSEEKER_PROFILES = Table(
    "jobseeker_profiles",
    METADATA,
    uuid_key(),
    Column("user_id", Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("name", String(100)),
    Column("phone", String(20)),
    Column("experience_years", Integer, CheckConstraint("experience_years BETWEEN 0 AND 80")),
    Column("desired_position", String(100)),
    Column("desired_salary_min", Integer, CheckConstraint("desired_salary_min >= 0")),
    Column("desired_salary_max", Integer, CheckConstraint("desired_salary_max >= 0")),
    Column("skills", ARRAY(Text), CheckConstraint("cardinality(skills) <= 100")),
    stamped("created_at"),
    stamped("updated_at"),
    version(),
    CheckConstraint("desired_salary_min <= desired_salary_max", name="jobseeker_profiles_salary"),
)
Index("idx_jobseeker_profiles_user_id", JOBSEEKER_PROFILES.c.user_id)

COMPANIES = Table(
    "companies",
    METADATA,
    uuid_key(),
    Column("name", String(200), CheckConstraint("name <> ''"), nullable=False),
    Column("business_number", String(20), unique=True),
    Column("industry", String(100)),
    one_of("company_size", 50, ("1-10", "11-50", "51-200", "201-500", "500+"), needed=False),
    Column("location", String(200)),
    Column("logo_url", String(500)),
    Column("description", Text, CheckConstraint("length(description) <= 20000")),
    one_of("status", 20, ("active", "closed")),
    stamped("created_at"),
    stamped("updated_at"),
    version(),
)

COMPANY_MEMBERS = Table(
    "company_members",
    METADATA,
    uuid_key(),
    _owner("user_id", "users.id"),
    _owner("company_id", "companies.id"),
    Column("name", String(100)),
    Column("position", String(100)),
    flag("is_primary", default=False),
    stamped("created_at"),
    UniqueConstraint("user_id", "company_id", name="company_members_once"),
)
Index("idx_company_members_company_id", COMPANY_MEMBERS.c.company_id)

MAIL_TOKEN = Table(
    "mail_token",
    METADATA,
    uuid_key(made=False),
    one_of("purpose", 20, ("confirm", "email", "reset", "invite")),
    Column("email", String(255), nullable=False),
    _owner("user_id", "users.id", nullable=True),
    Column("password_hash", Text),
    one_of("user_type", 20, ("jobseeker", "company"), needed=False),
    Column("token_hash", LargeBinary, CheckConstraint("length(token_hash) = 32"), unique=True),
    stamped("created_at"),
    moment("expires_at", needed=True),
    moment("used_at"),
)
Index("idx_mail_token_user_id", MAIL_TOKEN.c.user_id)
Index("idx_mail_token_expires_at", MAIL_TOKEN.c.expires_at)

INVITATION = Table(
    "invitation",
    METADATA,
    uuid_key(made=False),
    _owner("company_id", "companies.id"),
    Column("email", String(255), nullable=False),
    Column("name", String(100)),
    Column("position", String(100)),
    flag("is_primary", default=False),
    _owner("invited_by", "users.id", nullable=True, ondelete="SET NULL"),
    Column("token_id", Uuid, ForeignKey("mail_token.id", ondelete="CASCADE"), nullable=False, unique=True),
    stamped("created_at"),
)
Index("idx_invitation_company_id", INVITATION.c.company_id)

MAIL_OUTBOX = Table(
    "mail_outbox",
    METADATA,
    uuid_key(made=False),
    one_of("kind", 20, ("welcome", "exists", "confirm", "email", "reset", "invite", "nothing")),
    one_of("language", 2, ("en", "ko")),
    Column("email", String(255), nullable=False),
    _owner("token_id", "mail_token.id", nullable=True),
    stamped("created_at"),
    counter("attempts"),
    stamped("next_attempt_at"),
    Column("lease", Uuid),
)
Index("idx_mail_outbox_next_attempt_at", MAIL_OUTBOX.c.next_attempt_at)

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
