"""A month's figures, put together from raw counts by the rules of `showing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.disclosure.policies.showing import Cells, Count, hold, show_cells, show_one, show_within

Value = dict[str, Any]
SITES_STAND: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Raw:
    """Counts as they are. `people`: whom the directory knows well enough; `effects`: pairs with a switch turned.

    `paired`: how many have a Kamu.
    """

    people: int
    wants: int
    kamus: int
    places_each: int
    found: int
    paired: int
    effects: Mapping[str, int]
    rules: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Site:
    """Counts of one site as they are."""

    people: int
    wants: int
    kamus: int


def join_shown(newest_first: Sequence[Value]) -> Value:
    """What was last shown of each figure, however many months ago."""
    joined: Value = {}
    for value in reversed(newest_first):
        _lay_over(joined, value)
    return joined


def _lay_over(below: Value, above: Value) -> None:
    for key, value in above.items():
        if isinstance(value, dict):
            _lay_over(below.setdefault(key, {}), value)
        elif value is not None:
            below[key] = value


def tell_matching(raw: Raw, last: Value | None, k: int) -> Value:
    """What the page on rules shows: nothing in it follows from a veto, an answer or a pair."""
    known = last or {}
    wants = show_one(Count(hold(raw.wants, known.get("wants"), k), raw.people), k)
    kamus = show_one(Count(hold(raw.kamus, known.get("kamus"), k), raw.people), k)
    effects = known.get("effects", {})
    held = {"": hold(raw.found, known.get("found"), k)}
    held |= {name: hold(value, effects.get(name), k) for name, value in raw.effects.items()}
    shown = show_within(wants, held, k)
    return {
        "k": k,
        "people": raw.people,
        "wants": wants,
        "kamus": kamus,
        "places_each": raw.places_each,
        "found": shown[""],
        "effects": {name: shown[name] if shown[""] else None for name in raw.effects},
        "rules": dict(raw.rules),
    }


def tell_pairs(raw: Raw, matching: Value, last: Value | None, k: int) -> Value:
    """How many have a Kamu, apart from all that was shown of those who want one."""
    held = hold(raw.paired, (last or {}).get("paired"), k)
    told = [value for value in (matching["found"], *matching["effects"].values()) if value is not None]
    return {"k": k, **show_within(matching["wants"], {"paired": held}, k, told)}


def tell_sites(sites: Mapping[str, Site], matching: Value, newest_first: Sequence[Value], k: int, today: date) -> Value:
    """Those who want a Kamu, and the Kamus, by site; the whole is shown on the page on rules."""
    kept = keep_sites(newest_first[0] if newest_first else None, today)
    if kept is not None:
        return kept
    known = join_shown(newest_first)
    told: Value = {
        "k": k,
        "counted_on": today.isoformat(),
        "people": {name: site.people for name, site in sites.items()},
    }
    for name in ("wants", "kamus"):
        before = known.get(name, {})
        cells = {key: Count(hold(getattr(site, name), before.get(key), k), site.people) for key, site in sites.items()}
        told[name] = dict(_agreeing(show_cells(cells, k), matching[name]).parts)
    return told


def keep_sites(last: Value | None, today: date) -> Value | None:
    """The figures by site as last shown, while they stand still; None when it is time to count them.

    Whoever keeps the directory can rename sites, merge them and move people between them, and would learn from two
    counts what a few chose. So for a year there is one count only, whatever becomes of the directory.
    """
    if last is None or "counted_on" not in last:
        return None
    is_shown = any(value is not None for name in ("wants", "kamus") for value in last[name].values())
    return last if is_shown and today < date.fromisoformat(last["counted_on"]) + SITES_STAND else None


def _agreeing(cells: Cells, whole: int | None) -> Cells:
    """The parts, unless they belong to another whole than the one that is shown: held figures may differ."""
    return cells if whole is not None and cells.total == whole else Cells(whole, dict.fromkeys(cells.parts))
