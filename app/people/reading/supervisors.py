"""Who stands under whom: references become people, and rings are opened and named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.people.reading.fields import SUPERVISORS, Field
from app.people.reading.people import Draft, Key, Known
from app.people.reading.shapes import clean_email, clean_number

Links = dict[Key, Key | None]


@dataclass
class Register:
    """Everybody a reference can mean, by employee number, e-mail address and name."""

    by: dict[Field, defaultdict[str, set[Key]]] = field(
        default_factory=lambda: {kind: defaultdict(set) for kind in SUPERVISORS}
    )

    def add(self, key: Key, person: Draft | Known) -> None:
        """Enter a person under number, address and name, however the name is written."""
        values = person.values
        self._put(Field.SUPERVISOR_NUMBER, values.get(Field.EMPLOYEE_NUMBER), key)
        self._put(Field.SUPERVISOR_EMAIL, values.get(Field.EMAIL), key)
        given, family = values.get(Field.GIVEN_NAME) or "", values.get(Field.FAMILY_NAME) or ""
        self._put(Field.SUPERVISOR_NAME, f"{given} {family}", key)

    def _put(self, kind: Field, text: object, key: Key) -> None:
        if text and str(text).strip():
            self.by[kind][_normal(kind, str(text))].add(key)

    def find(self, kind: Field, text: str) -> set[Key]:
        """Everybody whom the text may mean, read as `kind` first and in the other ways after it."""
        for way in (kind, *(other for other in SUPERVISORS if other is not kind)):
            found = self.by[way].get(_normal(way, text))
            if found:
                return found
        return set()


def _normal(kind: Field, text: str) -> str:
    if kind is Field.SUPERVISOR_NUMBER:
        return clean_number(text).casefold().lstrip("0") or "0"
    if kind is Field.SUPERVISOR_EMAIL:
        return clean_email(text)
    return " ".join(sorted(text.casefold().replace(",", " ").split()))


def find_rings(links: Mapping[Key, Key | None]) -> list[list[Key]]:
    """All closed rings of `links`, each in the order in which one stands under the next."""
    seen: dict[Key, int] = {}
    rings = []
    for number, start in enumerate(links):
        path: list[Key] = []
        at: Key | None = start
        while at is not None and at not in seen:
            seen[at] = number
            path.append(at)
            at = links.get(at)
        if at is not None and seen[at] == number and at in path:
            rings.append(path[path.index(at) :])
    return rings


def untangle(wanted: Links, held: Links) -> tuple[Links, list[list[Key]]]:
    """Lay `wanted` over `held`; where that makes a ring, its new links fall back to what was held.

    Returns the links without any ring, and every ring that was opened.
    """
    final: Links = {**held, **wanted}
    opened: list[list[Key]] = []
    while rings := find_rings(final):
        opened += rings
        for ring in rings:
            new = [member for member in ring if final[member] != held.get(member)]
            for member in new or ring:
                final[member] = held.get(member) if new else None
    return final, opened


def from_the_top(keys: Iterable[Key], links: Mapping[Key, Key | None]) -> list[Key]:
    """Order people so that everybody comes after their supervisor."""
    depth: dict[Key, int] = {}
    for key in keys:
        path: list[Key] = []
        at: Key | None = key
        while at is not None and at not in depth:
            path.append(at)
            at = links.get(at)
        above = depth[at] if at is not None else -1
        for step, member in enumerate(reversed(path), start=1):
            depth[member] = above + step
    return sorted(keys, key=lambda key: depth[key])
