"""What people send on the pages of training."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.training.policies import LONGEST_WRITING, MOST_CONTACTS
from app.web.forms import PageForm


class WritingForm(PageForm):
    """One text of the person's own."""

    text = TextAreaField(
        validators=[
            DataRequired(_l("Write something first, however short. Or leave it for another day.")),
            Length(max=LONGEST_WRITING, message=_l("This is too long to keep. Shorten it a little.")),
        ]
    )


class ContactsForm(PageForm):
    """Rows of a name and how to reach it. An empty row counts for nothing."""

    def __init__(self, sent: Any = None, *, rows: Iterable[tuple[str, str]] = ()) -> None:
        values = {f"{part}_{n}": text for n, row in enumerate(rows) for part, text in zip(PARTS, row, strict=True)}
        super().__init__(sent, data=values)

    @property
    def rows(self) -> list[tuple[StringField, StringField]]:
        """The fields, two and two."""
        return [(self[f"name_{n}"], self[f"detail_{n}"]) for n in range(MOST_CONTACTS)]

    @property
    def shown(self) -> list[tuple[StringField, StringField]]:
        """The fields to show: as far as they are filled, and two rows more to fill."""
        filled = [n for n, (name, detail) in enumerate(self.rows, 1) if name.data or detail.data]
        return self.rows[: max(filled, default=0) + EMPTY_ROWS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the lengths, and that no row is half filled."""
        valid = super().validate(extra_validators)
        for name, detail in self.rows:
            if bool(name.data) != bool(detail.data):
                empty = detail if name.data else name
                empty.errors = [_("Say how to reach them, or empty the row.") if name.data else _("Say who this is.")]
                valid = False
        return bool(valid)

    def contacts(self) -> Sequence[tuple[str, str]]:
        """The filled rows, in order."""
        return [(name.data, detail.data) for name, detail in self.rows if name.data]


PARTS = ("name", "detail")
EMPTY_ROWS = 2
for _n in range(MOST_CONTACTS):
    setattr(ContactsForm, f"name_{_n}", StringField(_l("Who"), [Length(max=120)]))
    setattr(ContactsForm, f"detail_{_n}", StringField(_l("How to reach them"), [Length(max=300)]))
