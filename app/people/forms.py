"""Forms of the people pages."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.people.errors import EmailIsTaken, NumberIsTaken, SupervisorGoesRound
from app.people.models import Person
from app.people.policies import LONGEST_STAY, SHORTEST_STAY, fields_of_directory
from app.people.reading.fields import LANGUAGES, LONGEST, Field
from app.people.reading.shapes import looks_like_email
from app.web.forms import PageForm
from tenants.errors import NotHere


def _length(field: Field) -> Length:
    return Length(max=LONGEST[field])


class UploadForm(PageForm):
    """One file of people."""

    file = FileField(_l("Your file"))


class LeaversForm(PageForm):
    """For how many days after their last one people stay."""

    leaver_days = IntegerField(
        _l("Days after somebody’s last one"),
        [
            InputRequired(_l("Write a number of days.")),
            NumberRange(SHORTEST_STAY, LONGEST_STAY, _l("Choose from 30 to 730 days.")),
        ],
    )


class PersonForm(PageForm):
    """One person of the directory."""

    given_name = StringField(
        _l("First name"), [InputRequired(_l("A first name is needed.")), _length(Field.GIVEN_NAME)]
    )
    family_name = StringField(_l("Last name"), [_length(Field.FAMILY_NAME)])
    email = StringField(_l("E-mail"), [InputRequired(_l("An address is needed.")), _length(Field.EMAIL)])
    language = SelectField(_l("Language"), validate_choice=True)
    job_title = StringField(_l("Job title"), [_length(Field.JOB_TITLE)])
    unit = StringField(_l("Unit or team"), [_length(Field.UNIT)])
    site = StringField(_l("Site"), [_length(Field.SITE)])
    supervisor = StringField(_l("Supervisor’s e-mail"), [_length(Field.EMAIL)])
    employee_number = StringField(_l("Employee number"), [_length(Field.EMPLOYEE_NUMBER)])
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()])

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer `languages`, as (code, name) with an empty one first."""
        super().__init__(*args, **kwargs)
        self.language.choices = languages
        self.locked: frozenset[str] = frozenset()

    def validate_email(self, field: Any) -> None:
        """Mail must be able to reach it."""
        if not looks_like_email(field.data or ""):
            raise ValidationError(_("This is not an e-mail address."))

    def validate_ends_on(self, field: Any) -> None:
        """Nobody leaves before they start."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day comes before the first."))

    def keep(self, person: Person, supervisor: str) -> None:
        """Lock what the organisation's own directory has set: it stays, whatever a browser sends."""
        self.locked = fields_of_directory(person)
        for name in self.locked - {"supervisor_id"}:
            self[name].data = getattr(person, name)
        if "supervisor_id" in self.locked:
            self.supervisor.data = supervisor

    def values(self, supervisor_id: UUID | None) -> dict[str, Any]:
        """Columns of Person."""
        texts = ("employee_number", "job_title", "unit", "site")
        language = self.language.data
        return {
            "given_name": self.given_name.data,
            "family_name": self.family_name.data or "",
            "email": self.email.data,
            **{name: self[name].data or None for name in texts},
            "language": language if language in LANGUAGES else None,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "supervisor_id": supervisor_id,
        }

    def add_refusal(self, error: Exception) -> None:
        """Say beside the right field what an action refused."""
        field, sentence = {
            EmailIsTaken: (self.email, _("Somebody in the directory has this address already.")),
            NumberIsTaken: (self.employee_number, _("Somebody in the directory has this number already.")),
            SupervisorGoesRound: (self.supervisor, _("This person stands under the one you are changing.")),
            NotHere: (self.supervisor, _("Nobody in the directory has this address.")),
        }[type(error)]
        field.errors = [*field.errors, sentence]


def person_form(data: Any, languages: list[tuple[str, str]], person: Person | None, supervisor: str) -> PersonForm:
    """Make the form, filled from what was sent or else from the person."""
    return PersonForm(data, obj=person, languages=languages, supervisor=supervisor)
