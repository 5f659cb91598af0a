"""What people send about themselves."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.web.forms import PageForm
from app.web.language import LANGUAGES
from app.web.layout import SHOWN_LANGUAGES


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
