"""What a person wrote in training, for that person alone."""

from app.training.models import TrainingRecord
from app.training.policies import WRITINGS
from app.vault import CannotOpen, Sealed, open_texts, own_space


def list_own_words(record: TrainingRecord | None) -> dict[str, str]:
    """Open what the record's owner wrote, by column. Empty when its key was destroyed: then the words are gone."""
    if record is None:
        return {}
    space = own_space(record.person_id)
    written = [
        (column, Sealed(sealed, space, record.id, column))
        for column in WRITINGS
        if (sealed := getattr(record, column)) is not None
    ]
    try:
        texts = open_texts(sealed for _, sealed in written)
    except CannotOpen:
        return {}
    return {column: text for (column, _), text in zip(written, texts, strict=True)}
