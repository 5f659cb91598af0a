from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app.web.forms import PageForm


class CeremonyForm(PageForm):
    """What the browser's script puts into a page's form: the challenge it was given and the answer to it."""

    challenge = HiddenField()
    credential = HiddenField()


class NewPasskeyForm(CeremonyForm):
    """A new authenticator and what its owner calls it."""

    name = StringField(
        _l("Name of this passkey"),
        validators=[
            DataRequired(_l("Give the passkey a name, so that you know it among others.")),
            Length(max=60, message=_l("A name has at most 60 characters.")),
        ],
    )
