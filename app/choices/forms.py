"""What an employee sends of their choices."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.choices.actions import Choice
from app.choices.models import Participation
from app.choices.policies import LANGUAGES, LONGEST_INTRODUCTION, MOST_PLACES, Want
from app.choices.words import TOPIC_NAMES, WANT_NAMES, WAY_NAMES, describe_language
from app.web.forms import PageForm


def tiles(names: Mapping[Any, object]) -> list[SelectChoice]:
    """What can be chosen, by key."""
    return [SelectChoice(str(key), name) for key, name in names.items()]


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Any of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WantForm(PageForm):
    """The one question of the welcome page."""

    want = RadioField(
        _l("What would you like?"),
        choices=tiles(WANT_NAMES),
        validators=[InputRequired(_l("Choose one of the four."))],
    )


class ChoicesForm(WantForm):
    """Everything on the page of choices."""

    topics = Ticks(_l("What would you like to talk about?"), choices=tiles(TOPIC_NAMES))
    languages = Ticks(_l("Which languages do you like to talk in?"))
    ways = Ticks(_l("How would you like to meet?"), choices=tiles(WAY_NAMES))
    places = SelectField(_l("How many people have you room for?"), coerce=int)
    introduction = TextAreaField(
        _l("A few words about yourself"),
        [Length(max=LONGEST_INTRODUCTION, message=_l("This is too long: at most 400 characters, please."))],
    )
    lists_self = BooleanField(_l("List me to colleagues as a Kamu"))

    def offer(self) -> "ChoicesForm":
        """Fill in what can be chosen, in the reader's language."""
        self.languages.choices = tiles({code: describe_language(code) for code in LANGUAGES})
        self.places.choices = [SelectChoice(number, str(number)) for number in range(MOST_PLACES + 1)]
        return self

    def choice(self) -> Choice:
        """What was chosen, after ``validate()``."""
        return Choice(
            want=Want(self.want.data),
            topics=self.topics.data or (),
            languages=self.languages.data or (),
            ways=self.ways.data or (),
            places=self.places.data,
            introduction=" ".join((self.introduction.data or "").split()),
            lists_self=self.lists_self.data,
        )


def want_form(chosen: Participation | None) -> WantForm:
    """Make the form of the welcome page, with what was chosen before; nobody who never chose is shown a choice."""
    return WantForm(want=_want_of(chosen) if chosen else None)


def choices_form(data: object, chosen: Participation | None, *, places: int, language: str | None) -> ChoicesForm:
    """Make the form, filled from what was sent, or else from what is kept, or else from what is likely."""
    likely: dict[str, object] = {"places": places, "languages": [language] if language else []}
    return ChoicesForm(data, data=_kept(chosen, places) if chosen else likely).offer()


def _kept(chosen: Participation, places: int) -> dict[str, object]:
    return {
        "want": _want_of(chosen),
        "topics": chosen.topics,
        "languages": chosen.languages,
        "ways": chosen.ways,
        "places": chosen.places if chosen.offers_kamu else places,
        "introduction": chosen.introduction,
        "lists_self": chosen.lists_self,
    }


def _want_of(chosen: Participation) -> str:
    return Want.of(wants_kamu=chosen.wants_kamu, offers_kamu=chosen.offers_kamu).value
