"""Which address names an organisation may have, and from when on a planned day sends mail."""

import re
import unicodedata
from datetime import UTC, date, datetime, time

SHORTEST = 3
LONGEST = 40

_KEPT = """
    www staff start api app admin administrator mail smtp imap pop mx ftp ns ns1 ns2 dns static assets cdn media
    files images img auth login logout signin sign-in signup sign-up sso oidc oauth saml scim idp id account accounts
    help support status health healthz readyz kamu kaveri nitor localhost local internal intranet test testing demo
    dev staging stage preview beta production prod billing pay payments invoice invoices docs blog news about contact
    legal privacy security trust abuse postmaster hostmaster webmaster root system host server web site home
    dashboard portal my new null none undefined example invalid autodiscover autoconfig wpad isatap well-known
"""
RESERVED = frozenset(_KEPT.split())

_WELL_FORMED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# What decomposition leaves alone: letters of the languages our customers write.
_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe", "&": " and ", "@": " at "}
)

_COMPANY_FORMS = ("oy", "oyj", "ab", "abp", "ltd", "limited", "inc", "gmbh", "as", "aps", "llc", "plc", "ry", "sa")


def why_not_an_address(slug: str) -> str | None:
    """The fact that keeps `slug` from being an address name, or None when its form is right.

    One of: empty, short, long, letters, hyphens, encoded, reserved.
    """
    facts = (
        ("empty", not slug),
        ("letters", bool(re.search(r"[^a-z0-9-]", slug))),
        ("encoded", slug.startswith("xn--")),
        ("hyphens", not _WELL_FORMED.fullmatch(slug)),
        ("short", len(slug) < SHORTEST),
        ("long", len(slug) > LONGEST),
        ("reserved", slug in RESERVED),
    )
    return next((fact for fact, holds in facts if holds), None)


def suggest_address(organisation: str) -> str:
    """An address name in the likeness of the organisation's name; empty when nothing of it can be spelled."""
    slug = "-".join(_words(organisation))[:LONGEST].rstrip("-")
    if slug in RESERVED or 0 < len(slug) < SHORTEST:
        slug = f"{slug}-people"
    return slug


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELLED))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    if len(words) > 1 and words[-1] in _COMPANY_FORMS:
        words.pop()
    return words


def other_addresses(slug: str) -> list[str]:
    """Variants to offer when `slug` is held by somebody else, most natural first."""
    return [f"{slug[: LONGEST - 7].rstrip('-')}-{ending}" for ending in ("people", "kamu", "2")]


FIRST_MAIL_AT = time(6, 0, tzinfo=UTC)


def first_mail_at(day: date) -> datetime:
    """When the mails of a planned day begin to leave: eight or nine in the morning in Finland."""
    return datetime.combine(day, FIRST_MAIL_AT)
