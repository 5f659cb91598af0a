"""What is typed to give roles, to hand the ownership over, and to find a lost owner."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.access.roles import Role
from app.roles.policies import GIVEN
from app.web.forms import PageForm
from app.web.language import LANGUAGES
from app.web.layout import ROLE_NAMES

LONGEST_ADDRESS, LONGEST_NAME, LONGEST_REFERENCE = 254, 120, 200


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Any of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RolesForm(PageForm):
    """Which roles somebody holds."""

    roles = Ticks(_l("Roles"), choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in GIVEN])

    def chosen(self) -> frozenset[Role]:
        """The roles as sent."""
        return frozenset(Role(each) for each in self.roles.data or ())


class InviteForm(RolesForm):
    """Who is invited, and to what."""

    name = StringField(_l("Name"), [DataRequired(_l("Type their name.")), Length(max=LONGEST_NAME)])
    email = EmailField(
        _l("Work e-mail"),
        [
            InputRequired(_l("Type their address.")),
            Email(_l("That is not an e-mail address.")),
            Length(max=LONGEST_ADDRESS),
        ],
    )
    language = SelectField(_l("Language of the mail"), choices=[SelectChoice(*each) for each in LANGUAGES.items()])


class OfferForm(PageForm):
    """Whether whoever hands the ownership over stays an owner as well."""

    stays = RadioField(
        _l("And you?"),
        choices=[
            SelectChoice("yes", _l("I stay an owner as well")),
            SelectChoice("no", _l("I am no owner any more, once they have said yes")),
        ],
        default="yes",
        validators=[InputRequired(_l("Choose one."))],
    )


class RecoveryForm(PageForm):
    """Whom a signed request names as the new owner, and where that request is kept."""

    slug = StringField(_l("Address name of the organisation"), [DataRequired(_l("Type the address name."))])
    name = StringField(_l("Name of the new owner"), [DataRequired(_l("Type their name.")), Length(max=LONGEST_NAME)])
    email = EmailField(
        _l("Their work e-mail"),
        [
            InputRequired(_l("Type their address.")),
            Email(_l("That is not an e-mail address.")),
            Length(max=LONGEST_ADDRESS),
        ],
    )
    reference = StringField(
        _l("Reference of the signed request"),
        [DataRequired(_l("Say where the signed request is kept.")), Length(max=LONGEST_REFERENCE)],
    )


class ApprovalForm(PageForm):
    """The address name, typed, and the answer of a passkey to this page's challenge."""

    name = StringField(_l("Address name"), [DataRequired(_l("Type the address name."))])
    challenge = HiddenField()
    credential = HiddenField()
