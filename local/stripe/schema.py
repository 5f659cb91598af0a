"""The stand-in's own schema and login, made by the local stack with its own connection, never by the product."""

import hashlib
import hmac

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

SCHEMA = "local_billing"
_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    id text PRIMARY KEY, kind text NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY, body jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    key text PRIMARY KEY, question text NOT NULL, status int NOT NULL, body text NOT NULL);
CREATE TABLE IF NOT EXISTS fault (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL);
CREATE TABLE IF NOT EXISTS clock (slot int PRIMARY KEY CHECK (slot = 1), ahead bigint NOT NULL, prefix bigint NOT NULL);
INSERT INTO clock VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
"""


def prepare(ddl_url: str, secret: str) -> None:
    """Make schema, tables and login; done already, it renews the login's password."""
    login = _login(make_url(ddl_url))
    with psycopg.connect(_plain(make_url(ddl_url)), autocommit=False, connect_timeout=5) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(4212)")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login)))
        for statement in (
            f"ALTER ROLE {{login}} PASSWORD '{_password(secret)}'",
            f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
            f"SET LOCAL search_path = {SCHEMA}",
            _TABLES,
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{login}}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {{login}}",
        ):
            connection.execute(sql.SQL(statement).format(login=sql.Identifier(login)))
        database = make_url(ddl_url).database or ""
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(login))
        )


def address(database_url: str, secret: str) -> str:
    """Return the address of the same database for the stand-in's own login."""
    url = make_url(database_url)
    return _plain(url.set(username=_login(url), password=_password(secret)))


def _login(url: URL) -> str:
    """Name the login after its database: logins belong to the whole server, where several databases may stand."""
    return f"{SCHEMA}_{url.database}"


def _password(secret: str) -> str:
    return hmac.new(secret.encode(), b"local billing", hashlib.sha256).hexdigest()


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
