"""What the stand-in remembers, in its own schema, behind one lock: it does one thing at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from local.stripe.schema import SCHEMA

Body = dict[str, Any]
FAULTS = ("lost", "429", "500", "away", "crash")


class Refused(Exception):
    """The stand-in says no, as Stripe would: ``status`` and a code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Store:
    """One transaction on the stand-in's memory."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection
        row = connection.execute("SELECT ahead FROM clock FOR UPDATE").fetchone()
        self.now = int(time.time()) + (row[0] if row else 0)

    def new_id(self, prefix: str) -> str:
        """Make an id that nobody takes for a real one."""
        row = self._connection.execute("UPDATE clock SET prefix = prefix + 1 RETURNING prefix").fetchone()
        return f"{prefix}_fake_{row[0] if row else 0:08d}"

    def move_clock(self, *, to: int) -> None:
        """Let time pass, never back."""
        self._connection.execute("UPDATE clock SET ahead = ahead + %s", [max(0, to - self.now)])
        self.now = max(to, self.now)

    def put(self, kind: str, body: Body) -> Body:
        """Keep an object."""
        self._connection.execute(
            "INSERT INTO object (id, kind, body) VALUES (%s, %s, %s) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            [body["id"], kind, Jsonb(body)],
        )
        return body

    def get(self, kind: str, object_id: str) -> Body:
        """Return an object; raises ``Refused`` with 404."""
        found = self._connection.execute(
            "SELECT body FROM object WHERE id = %s AND kind = %s", [object_id, kind]
        ).fetchone()
        if found is None:
            raise Refused(404, "resource_missing", f"No such {kind}")
        return dict(found[0])

    def list(self, kind: str, **wanted: object) -> list[Body]:
        """List objects of a kind, oldest first, whose values are as wanted."""
        rows = self._connection.execute(
            "SELECT body FROM object WHERE kind = %s AND body @> %s ORDER BY number", [kind, Jsonb(wanted)]
        ).fetchall()
        return [dict(row[0]) for row in rows]

    def remove(self, object_id: str) -> None:
        """Forget an object."""
        self._connection.execute("DELETE FROM object WHERE id = %s", [object_id])

    def find_answer(self, key: str) -> tuple[str, int, str] | None:
        """Return what was asked with a key before, and the answer: (question, status, body)."""
        found = self._connection.execute("SELECT question, status, body FROM answer WHERE key = %s", [key]).fetchone()
        return (found[0], found[1], found[2]) if found else None

    def keep_answer(self, key: str, question: str, status: int, body: str) -> None:
        """Keep an answer for its key."""
        self._connection.execute("INSERT INTO answer VALUES (%s, %s, %s, %s)", [key, question, status, body])

    def break_next(self, *kinds: str) -> None:
        """Have the next requests go wrong, one a kind."""
        for kind in kinds:
            if kind not in FAULTS:
                raise ValueError(kind)
            self._connection.execute("INSERT INTO fault (kind) VALUES (%s)", [kind])

    def mend(self) -> None:
        """Take back all faults that have not happened yet."""
        self._connection.execute("DELETE FROM fault")

    def next_fault(self) -> str | None:
        """Take the next fault out of the row."""
        found = self._connection.execute(
            "DELETE FROM fault WHERE number = (SELECT min(number) FROM fault) RETURNING kind"
        ).fetchone()
        return str(found[0]) if found else None


Turn = Callable[[], AbstractContextManager[Store]]


@contextmanager
def connected(address: str) -> Iterator[Turn]:
    """Connect for one request, which may take several turns, each a transaction of its own."""

    @contextmanager
    def turn() -> Iterator[Store]:
        with connection.transaction():
            yield Store(connection)

    options = f"-c search_path={SCHEMA}"
    with psycopg.connect(address, options=options, connect_timeout=5, autocommit=True) as connection:
        yield turn


@contextmanager
def opened(address: str) -> Iterator[Store]:
    """Open the memory for one transaction; it is kept unless the block raises."""
    with connected(address) as turn, turn() as store:
        yield store
