"""Forms of the pair's page. Their text is private: it is shown again when something is to be put right."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length

from app.pairs.policies import LONGEST_LINE, LONGEST_NOTE, local, moment
from app.web.forms import PageForm

FURTHEST = timedelta(days=731)
KEEP, SHRED = "keep", "shred"


class MeetingForm(PageForm):
    """A time the two agreed on."""

    day = DateField(_l("Day"), [InputRequired(_l("Choose a day."))])
    at = TimeField(_l("Time"), [InputRequired(_l("Choose a time."))])
    place = StringField(_l("Where"), [Length(max=LONGEST_LINE)])

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """Take the present moment: a meeting lies ahead."""
        super().__init__(*args, **kwargs)
        self.now = now

    def validate_day(self, field: Any) -> None:
        """Only near days: the first and the last years of the calendar are no moments."""
        today = local(self.now).date()
        if field.data and field.data < today:
            raise ValidationError(_("This day is over. Choose one ahead."))
        if field.data and field.data > today + FURTHEST:
            raise ValidationError(_("Choose a day within two years."))

    def validate_at(self, field: Any) -> None:
        """A meeting that is over needs no plan."""
        if self.day.data and not self.day.errors and field.data and moment(self.day.data, field.data) <= self.now:
            raise ValidationError(_("This time is over. Choose one ahead."))

    @property
    def begins_at(self) -> datetime:
        """The moment, in UTC."""
        return moment(self.day.data, self.at.data)


class TopicForm(PageForm):
    """One line for the agenda."""

    topic = StringField(
        _l("Something to talk about"), [InputRequired(_l("One line is needed.")), Length(max=LONGEST_LINE)]
    )


class NoteForm(PageForm):
    """A note for the two."""

    note = TextAreaField(_l("A note"), [InputRequired(_l("Write something first.")), Length(max=LONGEST_NOTE)])


class EndingForm(PageForm):
    """What becomes of one's own text."""

    text = RadioField(_l("Your own text from this pair"), default=KEEP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer both ways."""
        super().__init__(*args, **kwargs)
        self.text.choices = [(KEEP, _("Keep it for me")), (SHRED, _("Shred it now"))]
