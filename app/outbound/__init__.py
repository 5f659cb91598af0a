"""The one way out: every HTTP request of Kamu to an address that somebody typed goes through here.

Owners type addresses that our servers then call. So a request goes to https on port 443 of a public address
only; the address is looked up once, checked, and the connection goes to exactly what was checked, so a name
that answers differently the second time (rebinding) changes nothing. Redirects are refused, proxies and netrc
are not read, an answer has 5 seconds in all and 256 KiB. Loopback is called only where the settings say so.
"""

from app.outbound.addresses import read_target
from app.outbound.client import GuardedAdapter, fetch_json, guard, read_json
from app.outbound.errors import (
    AddressRefused,
    AnswerTooLarge,
    NoAnswer,
    NotJson,
    OutboundError,
    RedirectRefused,
    UnexpectedStatus,
)

__all__ = [
    "AddressRefused",
    "AnswerTooLarge",
    "GuardedAdapter",
    "NoAnswer",
    "NotJson",
    "OutboundError",
    "RedirectRefused",
    "UnexpectedStatus",
    "fetch_json",
    "guard",
    "read_json",
    "read_target",
]
