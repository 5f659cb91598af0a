"""A month's figures in whole sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.disclosure.queries import Month


def title(month: Month | None) -> str:
    """The finding of the newest month."""
    wants = month.matching["wants"] if month else None
    paired = month.pairs["paired"] if month else None
    if month is None:
        return _("How Kamu is doing")
    if wants is None:
        return _("No figures to show yet")
    if paired is None:
        return ngettext("%(num)s person would like a Kamu", "%(num)s people would like a Kamu", wants)
    return _("%(paired)s of %(wants)s who would like a Kamu have one", paired=paired, wants=wants)


def facts(month: Month) -> list[tuple[str, int]]:
    """What is shown of a month, by name; what is hidden is left out."""
    matching = month.matching
    rows = [
        (_("People counted"), matching["people"]),
        (_("Would like a Kamu"), matching["wants"]),
        (_("Have a Kamu"), month.pairs["paired"]),
        (_("Kamus"), matching["kamus"]),
    ]
    return [(name, value) for name, value in rows if value is not None]
