"""Money and invoices in words, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask_babel import format_currency, format_date, get_locale, ngettext
from flask_babel import gettext as _

from app.billing.models import Subscription

# The language's own order and words, whichever region the reader's browser names.
from app.web.language import day_in_words


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line of an invoice: what, how it comes about, how much (signed)."""

    what: str
    how: str
    amount: str


@dataclass(frozen=True, slots=True)
class InvoiceWords:
    """A coming invoice. ``credit`` is what earlier invoices left, or None; ``is_negative`` when money stays over."""

    lines: list[LineWords]
    total: str
    credit: str | None
    to_pay: str
    made_on: str
    is_negative: bool


def money(cents: int, currency: str = "eur") -> str:
    """Write an amount of minor units, with a true minus sign."""
    text: str = format_currency(Decimal(abs(cents)) / 100, currency.upper())
    return f"\N{MINUS SIGN}{text}" if cents < 0 else text


def day_of_text(text: str) -> str:
    """Write the day of a time in ISO form."""
    return day_in_words(datetime.fromisoformat(text))


def short_day(at: date) -> str:
    """Write a day in little room."""
    locale = get_locale()
    return str(format_date(at, "d.M.y" if locale and locale.language == "fi" else "d MMM y"))


def invoice_in_words(preview: dict[str, Any], live: Subscription) -> InvoiceWords:
    """Tell a kept preview. Lines of one change within a period are told as one; the sums stay the service's own."""
    currency = preview["currency"]
    changes = [line for line in preview["lines"] if line["is_change"]]
    periods = [line for line in preview["lines"] if not line["is_change"]]
    lines = [_period(line, live, currency) for line in periods]
    for begins, together in groupby(sorted(changes, key=lambda line: line["begins"]), key=lambda line: line["begins"]):
        lines.append(_change(begins, list(together), live, currency))
    balance = preview["balance_before"]
    return InvoiceWords(
        lines=lines,
        total=money(preview["total"], currency),
        credit=money(balance, currency) if balance else None,
        to_pay=money(preview["to_pay"], currency),
        made_on=day_of_text(preview["made_at"]),
        is_negative=preview["total"] + balance < 0,
    )


def _period(line: dict[str, Any], live: Subscription, currency: str) -> LineWords:
    what = ngettext(
        "%(num)s seat, %(begins)s to %(ends)s",
        "%(num)s seats, %(begins)s to %(ends)s",
        line["quantity"],
        begins=day_of_text(line["begins"]),
        ends=day_of_text(line["ends"]),
    )
    return LineWords(what, _sum(line["quantity"], live, currency), money(line["amount"], currency))


def _change(begins: str, together: Iterable[dict[str, Any]], live: Subscription, currency: str) -> LineWords:
    lines = list(together)
    seats = sum(line["quantity"] if line["amount"] >= 0 else -line["quantity"] for line in lines)
    more = ngettext("%(num)s seat more from %(day)s", "%(num)s seats more from %(day)s", seats, day=day_of_text(begins))
    fewer = ngettext(
        "%(num)s seat fewer from %(day)s", "%(num)s seats fewer from %(day)s", -seats, day=day_of_text(begins)
    )
    till = day_of_text(lines[-1]["ends"])
    share = _sum(abs(seats), live, currency)
    how = (
        _("The part of %(sum)s from that day until %(till)s.", sum=share, till=till)
        if seats >= 0
        else _("Paid back: the part of %(sum)s from that day until %(till)s.", sum=share, till=till)
    )
    return LineWords(more if seats >= 0 else fewer, how, money(sum(line["amount"] for line in lines), currency))


def _sum(seats: int, live: Subscription, currency: str) -> str:
    return f"{seats} × {money(live.unit_amount, currency)}"
