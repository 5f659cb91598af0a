"""What people send about themselves."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.people.reading.shapes import clean_email, looks_like_email
from app.web.forms import PageForm
from app.web.language import LANGUAGES
from app.web.layout import SHOWN_LANGUAGES


class AddressForm(PageForm):
    """An address outside of work."""

    private_address = StringField(
        _l("An e-mail address of your own"),
        [DataRequired(_l("Write an address, or leave it.")), Length(max=254, message=_l("This is too long."))],
    )

    def validate_private_address(self, field: Any) -> None:
        """Mail must be able to reach it."""
        if not looks_like_email(clean_email(field.data or "")):
            raise ValidationError(_("This is not an e-mail address."))


class OwnForm(PageForm):
    """What somebody is called here, and in which language."""

    name = StringField(
        _l("What Kamu calls you"),
        [
            DataRequired(_l("Write a name. A first name is enough.")),
            Length(max=100, message=_l("This is too long. A first name is enough.")),
        ],
    )
    language = RadioField(
        _l("Language of your pages and mails"),
        choices=[SelectChoice(code, LANGUAGES[code]) for code in SHOWN_LANGUAGES],
        validators=[InputRequired(_l("Choose one of the three."))],
    )
