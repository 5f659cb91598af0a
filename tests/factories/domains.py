"""Name servers of a test's own."""

from dataclasses import dataclass, field

from flask import Flask

from app.domains.errors import NoAnswer
from app.domains.gateway import init_app


@dataclass
class Names:
    """TXT records by name; with `down` nobody answers."""

    records: dict[str, set[str]] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def texts(self, name: str) -> frozenset[str]:
        self.asked.append(name)
        if self.down:
            raise NoAnswer(name)
        return frozenset(self.records.get(name, ()))


def answer_with(app: Flask, names: Names) -> Names:
    """Have an app ask these name servers from now on."""
    init_app(app, names)
    return names
