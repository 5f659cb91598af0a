"""Forms of the goal pages. All of their text is private: it is shown again when something is to be put right."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from app.goals.models import How
from app.goals.policies import FARTHEST, LONGEST_GOAL, LONGEST_LINE, in_a_month
from app.goals.words import HOW_WORDS
from app.pairs.queries import MyPair
from app.web.forms import PageForm

MEETING, MONTH, CHOSEN = "meeting", "month", "chosen"
ONLY_ME = "me"


class DayAhead:
    """A day from today on, within two years; asked for only when the rest of the form needs one."""

    def __init__(self, needed: Callable[[Any], bool] = lambda _: True) -> None:
        self.needed = needed

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse a day that is missing or does not lie ahead."""
        field.errors = []
        if not self.needed(form):
            raise StopValidation
        if field.data is None:
            raise StopValidation(_("Choose a day."))
        if field.data < form.today:
            raise StopValidation(_("This day is over. Choose one ahead."))
        if field.data > form.today + FARTHEST:
            raise StopValidation(_("Choose a day within two years."))


class NewGoalForm(PageForm):
    """One line, and when to look back at it."""

    line = TextAreaField(
        _l("My goal, in my own words"), [InputRequired(_l("One line is needed.")), Length(max=LONGEST_GOAL)]
    )
    back = RadioField(_l("When would you like to look back?"), default=MONTH)
    day = DateField(_l("Which day"), [DayAhead(lambda form: form.back.data == CHOSEN)])

    # A pair that ended since the form was opened is no error: the goal is kept, and told to nobody.
    who = RadioField(_l("Who can read this goal?"), default=ONLY_ME, validate_choice=False)

    def __init__(self, *args: Any, today: date, meeting: date | None, kamu: MyPair | None, **kwargs: Any) -> None:
        """Offer the next meeting's day when there is one, and to tell the goal when there is a Kamu."""
        super().__init__(*args, **kwargs)
        self.today, self.meeting = today, meeting
        choices = [(MONTH, _("In a month")), (CHOSEN, _("Another day"))]
        self.back.choices = [(MEETING, _("At your next meeting")), *choices] if meeting else choices
        told = [(str(kamu.id), _("%(name)s and I", name=kamu.given_name))] if kamu else []
        self.who.choices = [(ONLY_ME, _("Only I")), *told]

    @property
    def is_to_be_told(self) -> bool:
        """Whether somebody else was chosen as a reader too."""
        return self.who.data not in {None, "", ONLY_ME}

    @property
    def pair_id(self) -> UUID | None:
        """The pair it is to be told in: the one whose name stood in the form, not any that came after it."""
        try:
            return UUID(self.who.data)
        except ValueError:
            return None

    @property
    def look_back_on(self) -> date:
        """The day that was chosen, one way or another."""
        if self.back.data == MEETING and self.meeting:
            return self.meeting
        return self.day.data if self.back.data == CHOSEN and self.day.data else in_a_month(self.today)


class GoalForm(PageForm):
    """A goal put in other words, or its day moved."""

    line = TextAreaField(
        _l("My goal, in my own words"), [InputRequired(_l("One line is needed.")), Length(max=LONGEST_GOAL)]
    )
    look_back_on = DateField(_l("Look back on"), [DayAhead()])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Take the day that is today for the two."""
        super().__init__(*args, **kwargs)
        self.today = today


class FollowUpForm(PageForm):
    """How it goes, a line if wanted, and when to look next."""

    how = RadioField(_l("How is it going?"), validators=[InputRequired(_l("Choose the word that comes closest."))])
    note = TextAreaField(_l("A line about it"), [Length(max=LONGEST_LINE)])
    next_on = DateField(_l("Look back next on"), [DayAhead(lambda form: form.how.data != How.LET_GO)])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer the four words."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.how.choices = [(how.value, str(words)) for how, words in HOW_WORDS.items()]
