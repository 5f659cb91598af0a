"""Soft wishes: what speaks for a Kamu, and what two people may want to know before they meet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_NAMED = 3


class Reason(StrEnum):
    """What is said about a suggestion; the first four speak for it, the others are named as gaps."""

    TOPICS = "topics"
    WAYS = "ways"
    SAME_SITE = "same_site"
    OWN_LANGUAGE = "own_language"
    LANGUAGES = "languages"
    OTHER_SITE = "other_site"
    SITE_UNKNOWN = "site_unknown"
    NO_TOPICS = "no_topics"


@dataclass(frozen=True, slots=True)
class Said:
    """One reason with what it is about: keys of topics or ways, codes of languages, a site."""

    reason: Reason
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wished, and where they work. `own_language`: theirs in the directory.

    Of a Kamu who would also like a Kamu, `topics` and `ways` are left empty: they tell what is on that person's mind.
    So nobody is told more of them than of a Kamu who chose none.
    """

    topics: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    own_language: str | None = None
    site: str | None = None


def list_reasons(kaveri: Wishes, kamu: Wishes) -> tuple[Said, ...]:
    """What speaks for this Kamu, what weighs most first. Languages are said when nothing else is."""
    found = [
        _said(Reason.TOPICS, _shared(kaveri.topics, kamu.topics)),
        _said(Reason.WAYS, _shared(kaveri.ways, kamu.ways)),
        Said(Reason.SAME_SITE, (kamu.site,)) if kamu.site and _is_same_site(kaveri, kamu) else None,
        _language(kaveri, kamu),
    ]
    return tuple(said for said in found if said)


def list_open_questions(kaveri: Wishes, kamu: Wishes) -> tuple[Said, ...]:
    """What is not known or does not fit, for the two to judge: never a reason to leave the pair out."""
    found = []
    if kaveri.topics and not _shared(kaveri.topics, kamu.topics):
        found.append(Said(Reason.NO_TOPICS))
    if not (kaveri.site and kamu.site):
        found.append(Said(Reason.SITE_UNKNOWN))
    elif not _is_same_site(kaveri, kamu):
        found.append(Said(Reason.OTHER_SITE, (kamu.site,)))
    return tuple(found)


def _language(kaveri: Wishes, kamu: Wishes) -> Said | None:
    if kaveri.own_language and kaveri.own_language in kamu.languages:
        return Said(Reason.OWN_LANGUAGE, (kaveri.own_language,))
    return _said(Reason.LANGUAGES, _shared(kaveri.languages, kamu.languages))


def _said(reason: Reason, values: tuple[str, ...]) -> Said | None:
    return Said(reason, values[:MOST_NAMED]) if values else None


def _shared(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    known = set(other)
    return tuple(value for value in one if value in known)


def _is_same_site(one: Wishes, other: Wishes) -> bool:
    return bool(one.site and other.site and one.site.strip().lower() == other.site.strip().lower())
