"""What an owner sends: a choice between plans."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.billing.models import Plan
from app.web.forms import PageForm

PLAN_NAMES = {Plan.MONTHLY: _l("By the month"), Plan.YEARLY: _l("By the year")}


class PlanForm(PageForm):
    """One plan out of two."""

    plan = RadioField(
        _l("How would you like to pay?"),
        choices=[SelectChoice(plan.value, name) for plan, name in PLAN_NAMES.items()],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
