"""What the login of the product may do in the database itself, and, honestly, what it may still see."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tenants.unit_of_work import control_work, reading_control, tenant_work

REFUSED = "permission denied|must be|does not exist|cannot|not allowed|Only roles|not available"

FORBIDDEN = [
    "CREATE TABLE taken (id int)",
    "CREATE TABLE {schema}.taken (id int)",
    "CREATE TABLE ext.taken (id int)",
    "CREATE TABLE public.taken (id int)",
    "CREATE TEMP TABLE taken (id int)",
    "CREATE SCHEMA taken",
    "CREATE VIEW taken AS SELECT 1",
    "CREATE FUNCTION taken() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE taken",
    "CREATE EXTENSION dblink",
    "CREATE DATABASE taken",
    "ALTER TABLE account ADD COLUMN taken int",
    "ALTER TABLE account DISABLE TRIGGER ALL",
    "ALTER ROLE app_rt SUPERUSER",
    "ALTER DATABASE kamu SET search_path TO public",
    "ALTER SYSTEM SET log_statement = 'all'",
    "DROP TABLE account",
    "TRUNCATE account",
    "GRANT {role} TO app_ddl",
    "SET SESSION AUTHORIZATION postgres",
    "SET LOCAL ROLE app_ddl",
    "SET LOCAL ROLE postgres",
    "SET LOCAL ROLE pg_read_all_data",
    "SET LOCAL session_replication_role = replica",
    "COPY account TO PROGRAM 'cat'",
    "COPY account FROM PROGRAM 'cat'",
    "COPY account TO '/tmp/taken'",
    "COPY account FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_stats_ext_exprs, pg_statistic",
    "SELECT pg_reload_conf()",
    "LOAD 'plpgsql_check'",
    "CREATE EVENT TRIGGER taken ON ddl_command_end EXECUTE FUNCTION taken()",
    "CREATE PUBLICATION taken FOR ALL TABLES",
    "SELECT pg_create_logical_replication_slot('taken', 'pgoutput')",
]


def refused(work, words: str) -> None:
    with pytest.raises(DBAPIError, match=REFUSED), work() as opened:
        opened.execute(text(words))
        raise AssertionError(words)


def test_an_organisations_role_changes_nothing_but_rows(app, two):
    ref = two.a.ref
    for words in FORBIDDEN:
        refused(lambda: tenant_work(ref), words.format(schema=ref.schema, role=ref.role))


def test_the_roles_of_control_change_nothing_but_rows(app):
    for work in (control_work, reading_control):
        for words in (
            "CREATE TABLE taken (id int)",
            "CREATE TEMP TABLE taken (id int)",
            "DROP TABLE tenant",
            "TRUNCATE tenant",
            "ALTER TABLE tenant ADD COLUMN taken int",
            "SET LOCAL ROLE app_ddl",
            "SELECT * FROM keys.tenant_key",
        ):
            refused(work, words)


def test_what_only_grows_can_not_be_changed_or_cleared(app, two, superuser):
    query = text(
        "SELECT table_name, string_agg(privilege_type, ',' ORDER BY privilege_type) "
        "FROM information_schema.role_table_grants WHERE grantee = :role GROUP BY table_name"
    )
    with superuser.connect() as connection:
        grants = dict(connection.execute(query, {"role": two.a.ref.role}).all())
    from tenants.models import TenantBase

    for table in TenantBase.metadata.sorted_tables:
        told = table.info.get("grants", "SELECT, INSERT, UPDATE, DELETE")
        assert grants.pop(table.name).split(",") == sorted(told.split(", ")), table.name
    assert set(grants) <= {"alembic_version"}
    assert grants.get("alembic_version", "SELECT") == "SELECT"


def test_no_role_reaches_another_and_the_login_inherits_nothing(app, two, superuser):
    """Roles stop mistakes. Whoever injects SQL can take on another role: that is why none is ever put together."""
    members = text(
        "SELECT r.rolname, m.rolname, a.inherit_option, a.set_option, a.admin_option FROM pg_auth_members a "
        "JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member "
        r"WHERE r.rolname LIKE 'r\_%' OR m.rolname LIKE 'r\_%' OR m.rolname = 'app_rt'"
    )
    with superuser.connect() as connection:
        found = connection.execute(members).all()
        app_rt = connection.execute(
            text(
                "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
                "FROM pg_roles WHERE rolname = 'app_rt'"
            )
        ).one()
        logins = connection.scalars(
            text(r"SELECT rolname FROM pg_roles WHERE rolname LIKE 'r\_%' AND rolcanlogin")
        ).all()
        owned = connection.scalar(
            text(
                "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
                r"WHERE r.rolname = 'app_rt' OR r.rolname LIKE 'r\_%' OR r.rolname LIKE 'kamu\_%'"
            )
        )
    assert set(app_rt) == {False}
    assert logins == []
    assert owned == 0
    for role, member, inherits, _, administers in found:
        assert not role.startswith("r_") or member in {"app_rt", "app_ddl"}, (role, member)
        assert not member.startswith("r_"), (role, member)
        if member == "app_rt":
            assert (inherits, administers) == (False, False), role


# What every role of PostgreSQL may read in its catalogue: names without meaning and rough numbers, never a row.
# Only somebody who already injects SQL gets to see it; decision 0016 says so.
SEEN = {
    "names of schemas": "SELECT count(*) FROM pg_namespace WHERE nspname = '{b}'",
    "names of roles": "SELECT count(*) FROM pg_roles WHERE rolname = '{role_b}'",
    "names of tables": "SELECT count(*) FROM pg_tables WHERE schemaname = '{b}' AND tablename = 'account'",
    "rough numbers of rows": "SELECT count(reltuples) FROM pg_class WHERE oid::regclass::text = '{b}.account'",
    "when tables were used": "SELECT count(*) FROM pg_stat_all_tables WHERE schemaname = '{b}' AND relname = 'account'",
}
UNSEEN = {
    "values that are frequent": "SELECT count(*) FROM pg_stats WHERE schemaname = '{b}'",
    "columns": "SELECT count(*) FROM information_schema.columns WHERE table_schema = '{b}'",
    "what others ask": (
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query NOT IN ('', '<insufficient privilege>')"
    ),
    "passwords": "SELECT count(*) FROM pg_roles WHERE rolpassword <> '********'",
}


def test_the_catalogue_tells_names_without_meaning_and_no_row(app, two, superuser):
    with superuser.begin() as connection:
        connection.execute(text(f"ANALYZE {two.b.ref.schema}.account"))
    names = {"b": two.b.ref.schema, "role_b": two.b.ref.role}
    with tenant_work(two.a.ref) as opened:
        for what, query in SEEN.items():
            assert opened.scalar(text(query.format(**names))) == 1, what
        for what, query in UNSEEN.items():
            assert opened.scalar(text(query.format(**names))) == 0, what


def test_locks_end_with_the_transaction(app, two, superuser):
    with tenant_work(two.a.ref) as opened:
        opened.execute(text("SELECT pg_advisory_xact_lock(1)"))
    with superuser.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 0
