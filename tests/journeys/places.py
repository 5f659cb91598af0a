"""Places in which something may be kept that should not be."""

from collections.abc import Iterator

import redis
from sqlalchemy import Engine, text

from app.valkey import valkey


def valkey_values() -> Iterator[bytes]:
    """Every key and value in Valkey: sessions, queues, progress."""
    client: redis.Redis = valkey()
    readers = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    for key in client.keys("*"):
        value = readers[client.type(key)](key)
        yield key
        yield value if isinstance(value, bytes) else repr(value).encode()
        if isinstance(value, dict):
            yield from value.values()


def rows_of(superuser: Engine, schema: str) -> Iterator[str]:
    """Every row of every table of a schema as a dump writes it, bytes in hexadecimal."""
    with superuser.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = :s"), {"s": schema})
        for (table,) in tables.all():
            for (row,) in connection.execute(text(f'SELECT t::text FROM "{schema}"."{table}" t')):
                yield f"{table}: {row}"
