"""The organisation's switches as a form: a box for each."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.matching.policies.rules import SWITCHES, Rules
from app.web.forms import PageForm


class RulesForm(PageForm):
    """One box for each switch; a box that is not sent is off."""

    only_trained = BooleanField(_l("This rule is on"))
    not_skip_level = BooleanField(_l("This rule is on"))
    not_same_supervisor = BooleanField(_l("This rule is on"))
    not_same_unit = BooleanField(_l("This rule is on"))
    shared_language = BooleanField(_l("This rule is on"))

    def rules(self) -> Rules:
        """The switches as sent."""
        return Rules(**{name: bool(self[name].data) for name in SWITCHES})
