"""What the pages of training say in more than one place."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

TITLE = _l("Kamu training")
ABOUT = (
    _l("Occupational health"),
    _l("Shop steward"),
    _l("Health and safety representative"),
    _l("Crisis helpline"),
    _l("Emergency number"),
)


def suggest_contacts() -> list[tuple[str, str]]:
    """Where help usually is, for somebody to confirm: names, and how to reach them as far as it can be known."""
    emergency = _("112, when somebody is in danger")
    return [(str(name), emergency if name is ABOUT[-1] else "") for name in ABOUT]
