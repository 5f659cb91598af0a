"""The coming invoice in words: changes told as one line, sums untouched, signs true."""

from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from app.billing.views.words import invoice_in_words, money, short_day
from app.web.language import day_in_words
from tests.billing.conftest import day

LIVE = SimpleNamespace(unit_amount=400)


def line(quantity, amount, begins, ends, *, is_change=True):
    return {
        "quantity": quantity,
        "amount": amount,
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
        "is_change": is_change,
    }


def coming(lines, *, total, to_pay, before=0):
    preview = {"currency": "eur", "lines": lines, "total": total, "to_pay": to_pay, "balance_before": before}
    return invoice_in_words(preview | {"made_at": day(3, 1).isoformat()}, LIVE)


@pytest.fixture
def page(app):
    with app.test_request_context("/", base_url="http://alpha.kamu.localhost:8000"), force_locale("en"):
        yield


def test_more_and_fewer_seats_are_one_line_each_and_add_up(page):
    lines = [
        line(10, -3000, day(2, 8), day(3, 1)),
        line(12, 3600, day(2, 8), day(3, 1)),
        line(12, -2400, day(2, 15), day(3, 1)),
        line(11, 2200, day(2, 15), day(3, 1)),
        line(11, 4400, day(3, 1), day(4, 1), is_change=False),
    ]
    told = coming(lines, total=4800, to_pay=4800)
    assert [(each.what, each.how, each.amount) for each in told.lines] == [
        ("11 seats, 1 March 2027 to 1 April 2027", "11 × €4.00", "€44.00"),
        ("2 seats more from 8 February 2027", "The part of 2 × €4.00 from that day until 1 March 2027.", "€6.00"),
        (
            "1 seat fewer from 15 February 2027",
            "Paid back: the part of 1 × €4.00 from that day until 1 March 2027.",
            "−€2.00",
        ),
    ]
    assert (told.total, told.credit, told.to_pay, told.is_negative) == ("€48.00", None, "€48.00", False)


def test_money_that_stays_over_is_said(page):
    told = coming(
        [line(10, -3000, day(2, 8), day(3, 1)), line(2, 600, day(2, 8), day(3, 1))], total=-2400, to_pay=0, before=-500
    )
    assert (told.total, told.credit, told.to_pay, told.is_negative) == ("−€24.00", "−€5.00", "€0.00", True)
    assert told.lines[0].what == "8 seats fewer from 8 February 2027"


def test_days_and_sums_are_written_in_the_readers_way(page):
    assert (day_in_words(day(2, 8)), short_day(day(2, 8)), money(-123456)) == (
        "8 February 2027",
        "8 Feb 2027",
        "−€1,234.56",
    )
    with force_locale("fi"):
        assert (day_in_words(day(2, 8)), short_day(day(2, 8))) == ("8.2.2027", "8.2.2027")
        assert money(123456) == "1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€"
