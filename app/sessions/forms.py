"""How long sign-ins last."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.sessions.policies import DAYS_CHOICES, IDLE_CHOICES, Limits
from app.sessions.words import in_days, in_hours
from app.web.forms import PageForm


class LimitsForm(PageForm):
    """Two lengths of time, each out of a few."""

    idle_hours = RadioField(_l("Somebody who does nothing is signed out after"), coerce=int)
    absolute_days = RadioField(_l("Everybody signs in anew after"), coerce=int)

    def __init__(self, *args: object, limits: Limits, **kwargs: object) -> None:
        """Offer the usual lengths, and what holds now."""
        super().__init__(*args, data={"idle_hours": limits.idle_hours, "absolute_days": limits.absolute_days}, **kwargs)
        self.idle_hours.choices = [(each, in_hours(each)) for each in sorted({*IDLE_CHOICES, limits.idle_hours})]
        self.absolute_days.choices = [(each, in_days(each)) for each in sorted({*DAYS_CHOICES, limits.absolute_days})]

    def limits(self) -> Limits:
        """What was chosen."""
        return Limits(self.idle_hours.data, self.absolute_days.data)
