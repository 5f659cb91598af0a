"""Times and sums in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.time_policy.policies import FULL_TIME_MONTH, Fit, Terms, Ways, fit_of, ways_to_fit


def duration(minutes: int) -> str:
    """Write minutes as people say them: 45 minutes, 2 hours, 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not rest:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


@dataclass(frozen=True, slots=True)
class Sums:
    """Terms worked out: lines of what and how much, the finding, and what would make it fit."""

    lines: list[tuple[str, str]]
    fit: Fit
    title: str
    text: str
    ways: list[str]


def work_out(terms: Terms) -> Sums:
    """Work the terms out in words."""
    fit = fit_of(terms)
    title, text = _findings(terms)[fit]
    ways = _ways(ways_to_fit(terms)) if fit is Fit.TOO_MUCH else []
    return Sums(_lines(terms), fit, title, text, ways)


def _lines(terms: Terms) -> list[tuple[str, str]]:
    lines = [
        (_("A Kamu"), in_words(terms)),
        (_("A Kaveri"), _("%(time)s a month", time=duration(terms.kaveri_minutes))),
        (_("Somebody who is both"), _("%(time)s a month", time=duration(terms.both))),
    ]
    if terms.core_minutes is None:
        return lines
    share = _(
        "%(percent)s%% of a full-time month of %(month)s: %(time)s",
        percent=terms.core_time_percent,
        month=duration(FULL_TIME_MONTH),
        time=duration(terms.core_minutes),
    )
    return [*lines, (_("The share it comes from"), share)]


def in_words(terms: Terms) -> str:
    """A Kamu's promise, worked out."""
    each = ngettext(
        "%(time)s for %(num)s Kaveri",
        "%(time)s for each of %(num)s Kaveris",
        terms.places,
        time=duration(terms.kamu_minutes),
    )
    total = duration(terms.kamu_promise)
    if not terms.ring_minutes:
        return _("%(each)s: %(total)s a month", each=each, total=total)
    return _(
        "%(each)s, and %(ring)s with the other Kamus: %(total)s a month",
        each=each,
        ring=duration(terms.ring_minutes),
        total=total,
    )


def _findings(terms: Terms) -> dict[Fit, tuple[str, str]]:
    promised, core = duration(terms.kamu_promise), duration(terms.core_minutes or 0)
    return {
        Fit.NO_SHARE: (
            _("There is no share that it comes from"),
            _("So each hour is taken from customer work. Agree with project leads that the promise holds there."),
        ),
        Fit.FITS: (
            _("The sums fit"),
            _(
                "A Kamu is promised %(promised)s of the %(core)s. The rest is left for everything else.",
                promised=promised,
                core=core,
            ),
        ),
        Fit.TAKES_MOST: (
            _("It fits, and takes more than half"),
            _(
                "A Kamu is promised %(promised)s of the %(core)s. Whatever else it is for gets the smaller part.",
                promised=promised,
                core=core,
            ),
        ),
        Fit.NOT_FOR_BOTH: (
            _("It fits, but not for somebody who is both"),
            _(
                "A Kamu who has a Kamu would need %(both)s, and there are %(core)s. They can have fewer places.",
                both=duration(terms.both),
                core=core,
            ),
        ),
        Fit.TOO_MUCH: (
            _("The sums do not fit"),
            _("More is promised than the %(core)s there are. Any one of these would make it fit:", core=core),
        ),
    }


def _ways(ways: Ways) -> list[str]:
    lines = []
    if ways.places:
        lines.append(ngettext("room for %(num)s Kaveri", "room for %(num)s Kaveris", ways.places))
    if ways.kamu_minutes:
        lines.append(_("%(time)s for each Kaveri", time=duration(ways.kamu_minutes)))
    if ways.percent:
        lines.append(_("a share of %(percent)s%%", percent=ways.percent))
    return lines
