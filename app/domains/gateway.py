"""The way out to the name servers: TXT records and nothing else, within a few seconds. What is found is never shown."""

from typing import Protocol, cast

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT
from flask import Flask, current_app

from app.domains.errors import NoAnswer

SECONDS = 2.5
MOST_RECORDS = 100
EXTENSION = "kamu_resolver"


class Resolver(Protocol):
    """Reads the TXT records of a name."""

    def texts(self, name: str) -> frozenset[str]:
        """Return the texts, none where there is no such name or record. Raises NoAnswer when nothing is known."""


class NameServers:
    """Asks the name servers that this machine is set up to ask."""

    def texts(self, name: str) -> frozenset[str]:
        """See Resolver."""
        try:
            answer = dns.resolver.Resolver().resolve(
                f"{name}.", dns.rdatatype.TXT, lifetime=SECONDS, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return frozenset()
        except dns.exception.DNSException as error:
            raise NoAnswer(name) from error
        records = cast("list[TXT]", list(answer.rrset or ())[:MOST_RECORDS])
        return frozenset(b"".join(record.strings).decode("ascii", "replace") for record in records)


def init_app(app: Flask, resolver: Resolver | None = None) -> None:
    """Tell who is asked; a test or a local machine may have one of its own."""
    app.extensions[EXTENSION] = resolver or NameServers()


def read_texts(name: str) -> frozenset[str]:
    """Read the TXT records of a name. Raises NoAnswer."""
    return cast("Resolver", current_app.extensions[EXTENSION]).texts(name)
