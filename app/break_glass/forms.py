from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from app.web.forms import PageForm


class CeremonyForm(PageForm):
    """What the browser's script puts into a page's form: the challenge it was given and the answer to it."""

    challenge = HiddenField()
    credential = HiddenField()


class PasskeyForm(CeremonyForm):
    """A new authenticator and what its owner calls it."""

    name = StringField(
        _l("Name of this passkey"),
        [
            DataRequired(_l("Give the passkey a name, so that you know it among others.")),
            Length(max=60, message=_l("A name has at most 60 characters.")),
        ],
    )


class CodeForm(PageForm):
    """Who comes, and one of their codes."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Type the address you have as an owner.")), Email(_l("That is not an e-mail address."))],
    )
    code = StringField(_l("Code"), [InputRequired(_l("Type one of your codes.")), Length(max=60)])
