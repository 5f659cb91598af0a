"""What an organisation decides about time."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from app.time_policy.policies import MOST_PLACES, Terms
from app.web.forms import PageForm

EACH = (15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 210, 240, 300, 360)
RING = (0, 30, 45, 60, 90, 120, 180, 240)
TIMES = {"kamu_minutes": EACH, "kaveri_minutes": EACH, "ring_minutes": RING}
NAMES = ("core_time_percent", "kamu_minutes", "kaveri_minutes", "ring_minutes", "places")


class PercentField(IntegerField):  # type: ignore[misc]
    """A share, with words of our own when it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number, with or without the sign behind it."""
        if not valuelist:
            return
        text = valuelist[0].strip().removesuffix("%").strip()
        try:
            self.data = int(text) if text else None
        except ValueError as error:
            self.data = None
            raise ValueError(_("Write a whole number, such as 10.")) from error


class TimeForm(PageForm):
    """The five numbers of a promise. `times` are the times to choose from, by field, as (minutes, words)."""

    core_time_percent = PercentField(
        _l("Share of working time for other things than customer work"),
        [Optional(), NumberRange(0, 100, _l("A share is between 0 and 100 per cent."))],
    )
    kamu_minutes = SelectField(_l("A Kamu’s time for each Kaveri, a month"), coerce=int)
    kaveri_minutes = SelectField(_l("A Kaveri’s own time, a month"), coerce=int)
    ring_minutes = SelectField(_l("A Kamu’s time with the other Kamus, a month"), coerce=int)
    places = SelectField(
        _l("Kaveris that a Kamu has room for"),
        coerce=int,
        choices=[SelectChoice(number, str(number)) for number in range(1, MOST_PLACES + 1)],
    )

    def __init__(self, *args: Any, times: Mapping[str, list[tuple[int, str]]], **kwargs: Any) -> None:
        """Offer these times."""
        super().__init__(*args, **kwargs)
        for name, offered in times.items():
            self[name].choices = [SelectChoice(minutes, words) for minutes, words in offered]

    def terms(self) -> Terms:
        """What was chosen."""
        return Terms(**{name: self[name].data for name in NAMES})
