"""Seats, plan and participation of one customer, as rows of names and values."""

from flask_babel import gettext as _

from app.billing.models import Plan
from app.billing.queries import Standing
from app.support.queries.participation import Participation
from app.web.language import day_in_words

Rows = list[tuple[str, str]]


def seats_and_plan(standing: Standing | None) -> Rows:
    """How many seats, which plan and how it stands."""
    if standing is None:
        return [(_("Seats"), _("Not counted before the launch")), (_("Plan"), _("None chosen"))]
    seats = _("Not counted before the launch") if standing.seats is None else str(standing.seats)
    rows = [(_("Seats"), seats), (_("Plan"), _plan(standing.plan))]
    return [*rows, (_("Payment"), _status(standing))] if standing.status else rows


def taking_part(figures: Participation | None) -> Rows:
    """How many would like a Kamu and how many are one; empty before the first count."""
    if figures is None:
        return []
    return [
        (_("Would like a Kamu"), _figure(figures.wants)),
        (_("Kamus"), _figure(figures.kamus)),
        (_("Counted for"), day_in_words(figures.month)),
    ]


def _figure(value: int | None) -> str:
    return _("Fewer than five, or nearly all") if value is None else str(value)


def _plan(plan: str | None) -> str:
    names = {Plan.MONTHLY: _("Monthly"), Plan.YEARLY: _("Yearly")}
    return names[Plan(plan)] if plan else _("None chosen")


def _status(standing: Standing) -> str:
    if standing.status == "trialing" and standing.trial_end:
        return _("On trial until %(day)s", day=day_in_words(standing.trial_end))
    words = {
        "trialing": _("On trial"),
        "active": _("Paid"),
        "past_due": _("Late"),
        "unpaid": _("Not paid"),
        "paused": _("Paused"),
    }
    return words.get(standing.status or "", standing.status or "")
