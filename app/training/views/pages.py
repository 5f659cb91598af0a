"""The blueprint, and the module in the reader's language."""

from dataclasses import dataclass

from flask_babel import format_decimal

from app.training.models import TrainingRecord
from app.training.policies import PARTS, Part, is_part_done
from app.training.reading import Text
from app.web.areas import org_pages
from app.web.layout import page_language

training = org_pages("training", "app.training")
training.add_app_template_filter(format_decimal, "number")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the module as a page shows it."""

    key: str
    text: Text
    is_done: bool
    is_writing: bool


def show(part: Part, record: TrainingRecord | None = None) -> ShownPart:
    """Show a part in the reader's language."""
    return ShownPart(part.key, part.text(page_language()), is_part_done(part, record), part.column is not None)


def show_all(record: TrainingRecord | None = None) -> list[ShownPart]:
    """Show the whole module in the reader's language."""
    return [show(part, record) for part in PARTS]
