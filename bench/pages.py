"""Server time at the median and statements of every page, by whoever is allowed to see it and waits longest.

Requests run in process through the whole WSGI app, templates, session and databases included. A value is the median of
fifteen requests, of the quietest of three such series where the first is over its limit. The statement that opens each
transaction is counted too.
"""

import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app
from werkzeug.routing import Rule

from app import clock
from app.settings import settings
from app.support.actions import invite_staff
from app.support.models import StaffPasskey
from app.web.areas import Area, area_of_endpoint
from bench.crowd import CROWD
from bench.house import open_house, settle
from bench.places import Measured, open_crowd, open_demo
from bench.readers import Look, Reader
from bench.rows import Row
from local.cast import STAFF_EMAIL
from tenants.models import new_id
from tenants.unit_of_work import control_work, session

TITLE = "Pages"
MOST_MS, MOST_QUERIES = 50.0, 12
FEW, TIMES, SERIES = 3, 15, 3
SHOWN, ELSEWHERE = 200, {302, 303}
PART = re.compile(r"<(?:[^<>]*:)?(\w+)>")
# More than what an address names: searches, and a file that waits to be taken in.
MORE = {
    "/people": ("/people?search=an+developer",),
    "/people/imports/<import_id>": ("/people/imports/<waiting_import_id>",),
}
NOT_MEASURED = {
    "assets.": "files, not pages",
    "closings.case": "seen twice, when an organisation ends",
    "export.download": "a file, not a page",
    "health.": "for the balancer, not for people",
    "pages.components": "the list of components, for those who build",
    "recoveries.case": "seen twice, when an organisation has lost its owners",
    "scim.": "for programs; `bin/bench identity` measures it",
    "sessions.by_provider": "asks the provider",
    "sign_in.callback": "waits for the provider",
    "sign_in.start_own_log_in": "asks the provider",
    "sign_in.try_in_use": "asks the provider",
    "sign_in.start": "asks the provider",
    "sign_in.start_test": "asks the provider",
    "sign_in.test": "waits for the provider",
}
# Limits of their own, by the address's pattern, each with its reason.
REASONS: dict[str, tuple[float, int, str]] = {
    "/me/file": (
        100,
        30,
        "not a page but everything that is kept about a person, gathered from every feature once asked",
    ),
    "/people/imports/<waiting_import_id>": (
        5000,
        MOST_QUERIES,
        "reads and checks every row of the file anew: it shows what would be taken in. Opened a few times a year",
    ),
}

# Why a page is slow with ten thousand people. Its limit is the usual one, and it does not hold it.
CAUSES = {
    "/people?search=an+developer": "each word is looked for in seven columns of all people, to count and to list",
    "/suggestions": "the hard rules are asked of every trained Kamu in one statement, some 25 ms of it",
}


@dataclass(frozen=True)
class Seen:
    """The slowest look at one page of one organisation."""

    place: str
    page: str
    reader: str
    look: Look

    def rows(self) -> Iterator[Row]:
        ms, queries, reason = REASONS.get(self.page, (MOST_MS, MOST_QUERIES, ""))
        name = f"{self.place}: {self.page}, {self.reader}"
        yield Row(name, self.look.milliseconds, "ms", ms, reason)
        yield Row(name, self.look.queries, "queries", queries, reason)


def measure() -> Iterator[Row]:
    now = clock.now()
    with open_house() as app, app.app_context():
        staff = _staff(app, now)
        demo = open_demo(app, now)
        settle(app)
        yield from _measure(demo, Area.ORGANISATION)
        crowd = open_crowd(app, now)
        settle(app)
        yield from _measure(crowd, Area.ORGANISATION)
        yield from _measure(staff, Area.STAFF)
        start = Measured("Start", [Reader(app, settings().base_host, "a visitor")])
        yield from _measure(start, Area.START)


def _staff(app: Flask, now: datetime) -> Measured:
    with control_work():
        staff_id = invite_staff(email=STAFF_EMAIL, name="Staff", language="en", now=now).staff_id
        passkey = _passkey(staff_id, now)
        session().add(passkey)
    host = f"staff.{settings().base_host}"
    reader = Reader(app, host, "staff", {"slug": CROWD.slug, "passkey_id": str(passkey.id)})
    reader.sign_in_staff(staff_id)
    return Measured("Staff", [Reader(app, host, "a visitor"), reader])


def _passkey(staff_id: UUID, now: datetime) -> StaffPasskey:
    return StaffPasskey(
        id=new_id(),
        staff_id=staff_id,
        credential_id=b"1",
        public_key=b"2",
        sign_count=0,
        transports="",
        name="Key",
        created_at=now,
    )


def _measure(place: Measured, area: Area) -> Iterator[Row]:
    for rule in _list_rules(area):
        address = PART.sub(r"<\1>", rule.rule)
        for page in (address, *MORE.get(address, ())):
            seen = _see(place, page)
            yield from seen.rows() if seen else [Row(f"{place.title}: {page}", None, "ms", MOST_MS)]


def _see(place: Measured, page: str) -> Seen | None:
    """Find who waits longest, and measure that; what earlier pages left behind is cleared away first."""
    gc.collect()
    first = [(reader, path, look) for reader, path, look in _first_looks(place, page) if look.status == SHOWN]
    first = first or [each for each in _first_looks(place, page) if each[2].status in ELSEWHERE]
    if not first:
        return None
    reader, path, _ = max(first, key=lambda each: each[2].milliseconds)
    most = max(look.queries for _, _, look in first)
    look = _quietest(reader, path)
    return Seen(place.title, page, reader.name, replace(look, queries=max(most, look.queries)))


def _quietest(reader: Reader, path: str) -> Look:
    """Measure again what does not hold: other work of the machine may have come between."""
    look = reader.look(path, times=TIMES)
    for _ in range(SERIES - 1):
        if look.milliseconds > MOST_MS:
            look = min(look, reader.look(path, times=TIMES), key=lambda each: each.milliseconds)
    return look


def _first_looks(place: Measured, page: str) -> Iterator[tuple[Reader, str, Look]]:
    """Whoever has what the address names looks a few times."""
    wanted = set(PART.findall(page))
    for reader in place.readers:
        if wanted <= set(reader.values):
            path = PART.sub(lambda found: reader.values[found[1]], page)  # noqa: B023 - used at once
            yield reader, path, reader.look(path, times=FEW)


def _list_rules(area: Area) -> list[Rule]:
    """Every page of this kind of host; those for every host are measured with an organisation's."""
    kinds = {area, None} if area is Area.ORGANISATION else {area}
    rules = [
        rule
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and area_of_endpoint(rule.endpoint) in kinds and not _left_out(rule)
    ]
    return sorted(rules, key=lambda rule: rule.rule)


def _left_out(rule: Rule) -> bool:
    return "<token>" in rule.rule or rule.endpoint.startswith(tuple(NOT_MEASURED))


def tell(rows: Sequence[Row]) -> str:
    """One line a page: milliseconds and statements, at 120 and at 10,000 people."""
    return "\n".join([*_table(rows), "", *_limits(rows)])


def _table(rows: Sequence[Row]) -> Iterator[str]:
    pages: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        place, _, rest = row.name.partition(": ")
        page, _, reader = rest.partition(", ")
        sort = place if place in {"Staff", "Start"} else "Organisation"
        cells = pages.setdefault((sort, page), {})
        size = "10,000 people" if sort != "Organisation" else place
        cells[f"{size} {row.unit}"] = "–" if row.value is None else f"{row.value:g}"
        cells[f"{size} reader"] = reader
    yield "| page | host | 120 people: ms | statements | 10,000 people: ms | statements | slowest for |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- |"
    for (host, page), cells in pages.items():
        small = [cells.get(f"120 people {unit}", "") for unit in ("ms", "queries")]
        large = [cells.get(f"10,000 people {unit}", "") for unit in ("ms", "queries")]
        yield f"| `{page}` | {host.lower()} | {' | '.join(small + large)} | {cells.get('10,000 people reader', '')} |"


def _limits(rows: Sequence[Row]) -> Iterator[str]:
    """Name limits of their own with their reasons, and every page that is over its limit."""
    yield f"Limits: {MOST_MS:g} ms and {MOST_QUERIES} statements, and of their own with a reason:\n"
    own = {_page_of(row): row for row in rows if row.reason}
    for page, row in own.items():
        ms, queries, _ = REASONS.get(page, (row.target, MOST_QUERIES, ""))
        yield f"- `{page}`, {ms:g} ms and {queries} statements: {row.reason}"
    over = [row for row in rows if not row.holds]
    yield "\nOver the limit in this run:\n" if over else "\nEvery page holds its limit."
    for row in over:
        cause = CAUSES.get(_page_of(row)) if row.name.startswith("10,000") else None
        value = "not to be had" if row.value is None else f"{row.value:g} {row.unit}"
        yield f"- `{_page_of(row)}`, {row.name.partition(': ')[0]}: {value}" + (f"; {cause}" if cause else "")


def _page_of(row: Row) -> str:
    return row.name.partition(": ")[2].partition(", ")[0]
