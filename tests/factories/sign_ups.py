"""Sign-ups at any point of their chain."""

import re
from datetime import timedelta

from onboarding.actions.ask_for_place import ask_for_place, confirm
from onboarding.models import SignUp
from tenants.models import utc_now
from tenants.unit_of_work import control_work

JUST_NOW = utc_now().replace(microsecond=0)


def asked(slug="saarnikoski", *, email=None, now=JUST_NOW, organisation="Saarnikoski"):
    """A wish whose mail is in the outbox. Returns its id."""
    email = email or f"meri@{slug}.example"
    with control_work():
        return ask_for_place(organisation=organisation, slug=slug, email=email, language="en", now=now).id


def confirmed(slug="saarnikoski", *, now=JUST_NOW, **fields):
    """A wish whose button was pressed. Returns its id."""
    sign_up_id = asked(slug, now=now, **fields)
    with control_work():
        confirm(sign_up_id=sign_up_id, browser="a" * 64, now=now)
    return sign_up_id


def read(sign_up_id):
    """The row as it is now."""
    with control_work() as control:
        return control.get(SignUp, sign_up_id)


def set_back(sign_up_id, **ages: timedelta):
    """Make times of a row older: `expires_at=timedelta(days=1)` moves it a day towards the past."""
    with control_work() as control:
        row = control.get(SignUp, sign_up_id)
        for column, age in ages.items():
            setattr(row, column, getattr(row, column) - age)


def confirmation_path(mail):
    """The path in a confirmation mail's link."""
    return re.search(r"http://kamu\.localhost:8000(/confirmations/\S+)", mail.text)[1]
