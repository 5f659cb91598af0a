"""The sums behind a promise of time. Times are whole minutes a month."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from app.time_policy.models import TimePolicy

FULL_TIME_MONTH = 160 * 60
MOST_PLACES = 5
SHORTEST = 15


class Fit(StrEnum):
    """How the promises stand to the share of working time they come out of."""

    NO_SHARE = "no-share"
    FITS = "fits"
    TAKES_MOST = "takes-most"
    NOT_FOR_BOTH = "not-for-both"
    TOO_MUCH = "too-much"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation promises, decided or still on paper. The share is in per cent; None when there is none."""

    core_time_percent: int | None = 10
    kamu_minutes: int = 120
    kaveri_minutes: int = 120
    ring_minutes: int = 60
    places: int = 3

    @property
    def kamu_promise(self) -> int:
        """A Kamu's time with every place taken."""
        return self.kamu_minutes * self.places + self.ring_minutes

    @property
    def both(self) -> int:
        """The time of a Kamu who has a Kamu too."""
        return self.kamu_promise + self.kaveri_minutes

    @property
    def core_minutes(self) -> int | None:
        """The share of a full-time month; None when there is no share."""
        return None if self.core_time_percent is None else FULL_TIME_MONTH * self.core_time_percent // 100


@dataclass(frozen=True, slots=True)
class Ways:
    """What would make a promise fit, one change at a time; None where that change alone cannot."""

    percent: int | None
    places: int | None
    kamu_minutes: int | None


def terms_of(policy: TimePolicy | None) -> Terms:
    """The terms of a policy; before it is decided, those that the page begins with."""
    if policy is None:
        return Terms()
    return Terms(
        core_time_percent=policy.core_time_percent,
        kamu_minutes=policy.kamu_minutes,
        kaveri_minutes=policy.kaveri_minutes,
        ring_minutes=policy.ring_minutes,
        places=policy.places,
    )


def promise_minutes(policy: TimePolicy | None, places: int) -> int:
    """What a Kamu with so many places is promised: time for each Kaveri, and the ring."""
    terms = terms_of(policy)
    return terms.kamu_minutes * places + terms.ring_minutes


def fit_of(terms: Terms) -> Fit:
    """Hold the promises against the share. Kamu is only one of the things that the share is for."""
    core = terms.core_minutes
    if core is None:
        return Fit.NO_SHARE
    if max(terms.kamu_promise, terms.kaveri_minutes) > core:
        return Fit.TOO_MUCH
    if terms.both > core:
        return Fit.NOT_FOR_BOTH
    return Fit.TAKES_MOST if terms.kamu_promise * 2 > core else Fit.FITS


def ways_to_fit(terms: Terms) -> Ways:
    """Find what would make a Kamu's promise fit."""
    core = terms.core_minutes or 0
    percent = ceil(max(terms.kamu_promise, terms.kaveri_minutes) * 100 / FULL_TIME_MONTH)
    places = (core - terms.ring_minutes) // terms.kamu_minutes
    each = (core - terms.ring_minutes) // terms.places // SHORTEST * SHORTEST
    own_fits = terms.kaveri_minutes <= core
    return Ways(
        percent=percent if percent <= 100 else None,
        places=places if own_fits and 0 < places < terms.places else None,
        kamu_minutes=each if own_fits and SHORTEST <= each < terms.kamu_minutes else None,
    )
