"""What the roles of a service may do, on the embedded server and on one that asks for passwords."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as pg
from pydantic import SecretStr

from hirehub.kernel.db import DatabaseUnavailable, access, migrate, open_database
from hirehub.kernel.db.access import Role
from hirehub.kernel.db.errors import DatabaseRightsMissing, DatabaseSettingsWrong, ExtensionMissing
from hirehub.kernel.db.provision import provision
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import DatabaseSettings, Settings
from hirehub.services.vectors.module import MODULE
from tests.support.postgres import LEAN
from tests.support.vectors_db import VectorsDb

PLAIN = replace(MODULE, name="plain", database="hirehub_plain", extensions=())


def external(server: EmbeddedPostgres, data_dir: Path, user: str = "postgres", password: str = "") -> Settings:
    """Settings that name the server by its address, as one that is not ours."""
    place = f"host={server.layout.socket_dir()}&port=5432"
    url = SecretStr(f"postgresql://{user}:{password}@/postgres?{place}")
    return Settings(data_dir=data_dir, database=DatabaseSettings(url=url, connect_timeout=2))


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server that asks everybody but its superuser for a password, with an administrator who may make roles."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("strict"), LEAN) as server:
        rules = "local all postgres peer map=hirehub\nlocal all all scram-sha-256\n"
        (server.layout.cluster / "pg_hba.conf").write_text(rules)
        with psycopg.connect(server.admin_dsn(), autocommit=True) as admin:
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'm'")
            admin.execute("CREATE ROLE poor LOGIN PASSWORD 'p'")
        yield server


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE extra (n int)",
        "ALTER TABLE dlq ADD COLUMN extra int",
        "DROP TABLE dlq",
        "TRUNCATE dlq",
        "DROP INDEX recruit_embedding_ann",
        "CREATE SCHEMA extra",
        "CREATE DATABASE extra",
        "CREATE ROLE extra",
        "ALTER TABLE recruit_metadata DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = 'x'",
        "COPY dlq TO PROGRAM 'true'",
        "SET ROLE hirehub_vectors_owner",
    ],
)
def test_the_service_itself_can_change_rows_and_nothing_else(vectors_db: VectorsDb, statement: str) -> None:
    with psycopg.connect(vectors_db.dsn("app"), autocommit=True) as app:
        app.execute("INSERT INTO dlq (domain, error_message) VALUES ('recruit', 'x')")
        app.execute("UPDATE dlq SET seen = seen + 1")
        app.execute("DELETE FROM dlq")
        app.execute("CREATE TEMPORARY TABLE staged (n int)")
        with pytest.raises(pg.InsufficientPrivilege):
            app.execute(statement.encode())


def test_the_reader_reads_every_table_and_view_and_writes_none(vectors_db: VectorsDb) -> None:
    with psycopg.connect(vectors_db.dsn("reader"), autocommit=True) as reader:
        names = reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(names) >= 13
        for (name,) in names:
            assert reader.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() is not None
        assert len(reader.execute("SELECT * FROM v_all_domain_stats").fetchall()) == 2
        reader.execute("SET default_transaction_read_only = off")
        for statement in (
            b"INSERT INTO schedule_state VALUES ('x')",
            b"DELETE FROM dlq",
            b"UPDATE checkpoint SET domain = 'x'",
        ):
            with pytest.raises(pg.InsufficientPrivilege):
                reader.execute(statement)
        with pytest.raises(pg.InsufficientPrivilege):
            reader.execute("CREATE TEMPORARY TABLE staged (n int)")


def test_tables_that_come_later_are_the_services_to_change_and_the_readers_to_read(vectors_db: VectorsDb) -> None:
    with psycopg.connect(vectors_db.dsn("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE later (id bigserial PRIMARY KEY, n int)")
    with psycopg.connect(vectors_db.dsn("app"), autocommit=True) as app:
        app.execute("INSERT INTO later (n) VALUES (5)")
    with psycopg.connect(vectors_db.dsn("reader"), autocommit=True) as reader:
        assert reader.execute("SELECT id, n FROM later").fetchall() == [(1, 5)]


TAKEN = (
    "GRANT CONNECT ON DATABASE {name} TO PUBLIC",
    "REVOKE TEMPORARY ON DATABASE {name} FROM hirehub_vectors",
    "REVOKE CONNECT ON DATABASE {name} FROM hirehub_vectors_reader",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
    "REVOKE USAGE ON SCHEMA public FROM hirehub_vectors",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE DELETE ON TABLES FROM hirehub_vectors",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM hirehub_vectors",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM hirehub_vectors_reader",
    "REVOKE INSERT ON dlq FROM hirehub_vectors",
    "REVOKE USAGE ON ALL SEQUENCES IN SCHEMA public FROM hirehub_vectors",
    "REVOKE SELECT ON v_all_domain_stats FROM hirehub_vectors_reader",
    "REVOKE SELECT ON alembic_version FROM hirehub_vectors_reader",
    "GRANT UPDATE ON alembic_version TO hirehub_vectors",
)
ACLS = """
SELECT kind, name, (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(acl) AS one), version
  FROM (SELECT 'database' AS kind, datname::text AS name, datacl AS acl, xmin::text AS version FROM pg_database
         WHERE datname = current_database()
         UNION ALL SELECT 'schema', nspname, nspacl, xmin::text FROM pg_namespace WHERE nspname = 'public'
         UNION ALL SELECT 'later', defaclobjtype::text, defaclacl, xmin::text FROM pg_default_acl
         UNION ALL SELECT 'relation', relname, relacl, xmin::text FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')) AS held
 ORDER BY 1, 2
"""


def test_a_right_that_lacks_is_given_again_and_where_none_lacks_nothing_is_written(vectors_db: VectorsDb) -> None:
    with psycopg.connect(vectors_db.dsn("owner"), autocommit=True) as owner:
        name = owner.info.dbname
        provision(vectors_db.settings, MODULE)
        before = owner.execute(ACLS).fetchall()
        provision(vectors_db.settings, MODULE)
        assert owner.execute(ACLS).fetchall() == before
        for statement in TAKEN:
            owner.execute(statement.format(name=name).encode())
            changed = owner.execute(ACLS).fetchall()
            assert [row[:3] for row in changed] != [row[:3] for row in before], statement
            provision(vectors_db.settings, MODULE)
            assert [row[:3] for row in owner.execute(ACLS)] == [row[:3] for row in before], statement


def test_no_role_connects_to_another_database(vectors_db: VectorsDb) -> None:
    provision(vectors_db.settings, PLAIN)
    for role in (Role.APP, Role.OWNER, Role.READER):
        for database in ("hirehub_plain", "postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(access.address(vectors_db.settings, database, "vectors", role))


def test_making_and_migrating_a_database_by_several_processes_at_once_ends_well(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", LEAN):
        program = (
            "import sys; from hirehub.kernel.settings import Settings;"
            "from hirehub.kernel.db.provision import provision;"
            "from hirehub.kernel.db.migrate import upgrade; from hirehub.services.vectors.module import MODULE;"
            "s = Settings(data_dir=sys.argv[1]); provision(s, MODULE); upgrade(s, MODULE)"
        )
        words = [sys.executable, "-c", program, str(tmp_path / "data")]
        processes = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(3)]
        for process in processes:
            assert (process.communicate()[1], process.returncode) == (b"", 0)
        assert migrate.check(Settings(data_dir=tmp_path / "data"), MODULE).sound


async def test_an_opened_database_writes_as_the_service_and_reads_as_the_reader(vectors_db: VectorsDb) -> None:
    async with await open_database(vectors_db.settings, "vectors") as database:
        async with database.transaction() as tx:
            assert await tx.fetch_value("SELECT current_user") == "hirehub_vectors"
        async with database.read() as read:
            assert await read.fetch_value("SELECT current_user") == "hirehub_vectors_reader"


async def test_a_database_that_was_never_made_is_told_with_the_command_that_makes_it(
    cluster_settings: Settings,
) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await open_database(cluster_settings, "nothing")
    assert "hirehub_nothing" in str(caught.value)
    assert "hirehub db upgrade" in caught.value.hint


def test_a_server_of_others_gets_roles_with_passwords_of_their_own(
    strict_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    settings = external(strict_server, tmp_path, "maker", "m")
    provision(settings, PLAIN)
    provision(settings, PLAIN)
    kept = tmp_path / "secrets" / "roles"
    assert kept.stat().st_mode & 0o777 == 0o600
    for role in (Role.APP, Role.OWNER, Role.READER):
        with psycopg.connect(access.dsn(settings, "plain", role)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (access.role_name("plain", role),)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                access.dsn(settings, "plain", role).replace(
                    access.password(settings, access.role_name("plain", role)), "x"
                )
            )
    with psycopg.connect(access.dsn(settings, "plain", Role.OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (n int)")
    with (
        psycopg.connect(access.dsn(settings, "plain", Role.APP), autocommit=True) as app,
        pytest.raises(pg.InsufficientPrivilege),
    ):
        app.execute("DROP TABLE thing")


def test_a_changed_secret_changes_the_passwords_at_the_next_upgrade(
    strict_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    settings = external(strict_server, tmp_path)
    module = replace(PLAIN, name="turned")
    provision(settings, module)
    before = access.dsn(settings, "turned")
    other = settings.model_copy(
        update={"database": settings.database.model_copy(update={"role_secret": SecretStr("new")})}
    )
    provision(other, module)
    with psycopg.connect(access.dsn(other, "turned")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(before)


def test_rights_that_lack_are_told_with_the_statement_that_gives_them(
    strict_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRightsMissing, match="The role poor may not make") as caught:
        provision(external(strict_server, tmp_path, "poor", "p"), replace(PLAIN, name="never"))
    assert 'ALTER ROLE "poor" CREATEDB CREATEROLE;' in caught.value.hint
    with pytest.raises(DatabaseRightsMissing, match="extension vector") as refused:
        provision(
            external(strict_server, tmp_path, "maker", "m"), replace(PLAIN, name="wanting", extensions=("vector",))
        )
    assert "in hirehub_wanting: CREATE EXTENSION vector;" in refused.value.hint
    with pytest.raises(ExtensionMissing, match="does not have the extension teleport"):
        provision(external(strict_server, tmp_path), replace(PLAIN, name="beyond", extensions=("teleport",)))


def test_a_role_without_rights_may_use_what_a_superuser_has_made(
    strict_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    module = replace(PLAIN, name="given", extensions=("vector",))
    provision(external(strict_server, tmp_path), module)
    provision(external(strict_server, tmp_path, "poor", "p"), module)
    with psycopg.connect(access.dsn(external(strict_server, tmp_path, "poor", "p"), "given")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_wrong_password_is_told_without_showing_it(strict_server: EmbeddedPostgres, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        provision(external(strict_server, tmp_path, "maker", "wrong-word"), PLAIN)
    assert "password authentication failed" in str(caught.value)
    assert "wrong-word" not in str(caught.value) + caught.value.hint


def test_the_secret_of_the_roles_is_made_once_also_by_many_at_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database=DatabaseSettings(url=SecretStr("postgresql://db.example/x")))
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: access.password(settings, "hirehub_a"), range(32)))
    assert len(made) == 1
    assert made != {access.password(settings, "hirehub_b")}
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["roles"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://a:b@db.example:6000/x?sslmode=require",
            "postgresql://hirehub_s:PW@db.example:6000/hirehub_s?sslmode=require",
        ),
        ("host=db.example user=a password='b c'", "postgresql://hirehub_s:PW@db.example/hirehub_s"),
        ("postgresql://a@[::1]:6000/x", "postgresql://hirehub_s:PW@[::1]:6000/hirehub_s"),
        (
            "postgresql://a@h1:1,h2:2/x?target_session_attrs=primary",
            "postgresql://hirehub_s:PW@/hirehub_s?host=h1%2Ch2&port=1%2C2&target_session_attrs=primary",
        ),
        ("postgresql:///x", "postgresql://hirehub_s:PW@/hirehub_s"),
    ],
)
def test_a_services_address_is_the_servers_with_its_own_role_and_database(url: str, expected: str) -> None:
    settings = Settings(database=DatabaseSettings(url=SecretStr(url), role_secret=SecretStr("seed")))
    told = access.dsn(settings, "s")
    word = access.password(settings, "hirehub_s")
    assert told == expected.replace("PW", word)
    parsed = psycopg.conninfo.conninfo_to_dict(told)
    assert (parsed["user"], parsed["dbname"], parsed["password"]) == ("hirehub_s", "hirehub_s", word)


def test_reads_may_go_to_another_server() -> None:
    bounds = DatabaseSettings(
        url=SecretStr("postgresql://w/x"), reader_url=SecretStr("postgresql://r:7/x"), role_secret=SecretStr("s")
    )
    settings = Settings(database=bounds)
    assert "@r:7/hirehub_s" in access.dsn(settings, "s", "reader", replica=True)
    assert "@w/hirehub_s" in access.dsn(settings, "s", "reader")


def test_an_address_that_cannot_be_read_is_told_without_showing_it() -> None:
    settings = Settings(database=DatabaseSettings(url=SecretStr("postgres//user:hidden@x")))
    with pytest.raises(DatabaseSettingsWrong) as caught:
        access.admin_dsn(settings)
    assert "HIREHUB_DATABASE__URL" in str(caught.value)
    assert "hidden" not in str(caught.value) + caught.value.hint
    assert isinstance(caught.value, HirehubError)
