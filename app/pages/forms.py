"""The language form at the foot of every page, and the one that shows the parts of forms."""

from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, Email, InputRequired, Length, Regexp

from app.web.forms import PageForm
from app.web.language import LANGUAGES


class LanguageForm(PageForm):
    """A language, and the page to come back to."""

    language = StringField(validators=[InputRequired(), AnyOf(LANGUAGES)])
    next = HiddenField()

    @property
    def way_back(self) -> str:
        """A path on this host; the first page when the form names anything else."""
        wanted = self.next.data or "/"
        on_this_host = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
        return wanted if on_this_host and wanted.isprintable() else "/"


NAMES = (("", "Choose"), *LANGUAGES.items())
WISHES = [SelectChoice("kamu", "A Kamu"), SelectChoice("not", "Not now")]


class ExampleForm(PageForm):
    """One field of each kind, for the gallery of parts."""

    name = StringField("Name of your organisation", [InputRequired("Write the name of your organisation.")])
    address = StringField("Address name", [Regexp("^[a-z0-9-]+$", message="Use small letters and hyphens.")])
    email = StringField("Your work e-mail", [Email("Write an address such as meri@saarnikoski.example.")])
    language = SelectField("Language", choices=[SelectChoice(*each) for each in NAMES])
    words = TextAreaField("In your own words", [Length(max=500)])
    wish = RadioField("What would you like?", choices=WISHES, default="not")
    agree = BooleanField("I have looked at who can see what")
    file = FileField("A file of people")
