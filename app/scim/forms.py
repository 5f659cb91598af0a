"""Forms about the organisation's own directory."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from app.access.roles import Role
from app.scim.policies import ROLES_OF_GROUPS, Lives
from app.scim.words import ROLE_OF_GROUP_NAMES
from app.web.forms import PageForm

NO_ROLE = "none"


class TokenForm(PageForm):
    """A new token."""

    label = StringField(
        _l("What will use it"), [InputRequired(_l("Give it a name, for example Entra ID.")), Length(max=64)]
    )
    lives = SelectField(
        _l("It works for"),
        choices=[
            SelectChoice(Lives.HALF_A_YEAR.value, _l("half a year")),
            SelectChoice(Lives.YEAR.value, _l("a year")),
            SelectChoice(Lives.TWO_YEARS.value, _l("two years")),
        ],
        default=Lives.YEAR.value,
    )


class GroupForm(PageForm):
    """The role that a group gives."""

    role = SelectField(_l("Its members become"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roles that groups may give."""
        super().__init__(*args, **kwargs)
        self.role.choices = [
            SelectChoice(NO_ROLE, _l("nothing more than they are")),
            *(SelectChoice(role.value, ROLE_OF_GROUP_NAMES[role]) for role in ROLES_OF_GROUPS),
        ]

    def chosen(self) -> Role | None:
        """Return the chosen role."""
        return None if self.role.data == NO_ROLE else Role(self.role.data)
