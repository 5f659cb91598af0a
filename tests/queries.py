"""What applications send for an organisation, in all tests: read by the rules that keep a schema fit for Citus."""

import pytest
from sqlalchemy import Engine, event

from tenants.context import Door
from tenants.fleet.citus import list_broken_by_query

# These send on purpose what the product never does.
OTHERWISE = ("tests/red_team", "tests/tenants", "tests/faults", "bench")
_seen: set[str] = set()
_broken: list[str] = []


@event.listens_for(Engine, "before_cursor_execute")
def _read(connection, cursor, statement, parameters, context, executemany):
    door = connection.get_execution_options().get("kamu_door")
    if isinstance(door, Door) and door.schema.startswith("t_") and statement not in _seen:
        _seen.add(statement)
        _broken.extend(list_broken_by_query(statement))


@pytest.fixture(autouse=True)
def queries_stay_in_their_schema(request):
    """No join with another plane, no volatile function in a change, no definition: rules 2, 5 and 10."""
    yield
    found = _broken[:]
    _broken.clear()
    if not request.node.nodeid.startswith(OTHERWISE):
        assert found == []
