"""Operators see what failed for good, without what it was about, and can have it tried again."""

import json

from click.testing import CliRunner

from app.kamu import kamu
from tenants import outbox
from tenants.models import TenantOutbox, utc_now
from tenants.unit_of_work import tenant_work


def run(app, *words):
    answer = CliRunner().invoke(kamu, [*words, "--json"], obj=app.app_context)
    return answer.exit_code, json.loads(answer.output)


def test_dead_work_is_listed_without_its_arguments_and_retried(app, two):
    row = {"job": "people.take_in_import", "args": {"import_id": "secret"}, "plane": "tenant", "error": "KeyError"}
    with tenant_work(two.a.ref) as opened:
        opened.add(TenantOutbox(**row, attempts=outbox.ATTEMPTS, dead_at=utc_now()))
    code, answer = run(app, "work", "list")
    assert code == 0
    expected = {"organisation": "alpha", "job": "people.take_in_import", "error": "KeyError", "count": 1}
    assert answer["data"]["dead"] == [expected]
    assert "secret" not in json.dumps(answer)
    assert run(app, "work", "retry")[1]["data"] == {"retried": 1}
    assert run(app, "work", "list")[1]["data"] == {"dead": []}
