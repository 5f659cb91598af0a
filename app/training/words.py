"""Where help usually is, for somebody in the organisation to confirm."""

from flask_babel import gettext as _


def suggest_contacts() -> list[tuple[str, str]]:
    """Suggest names, and how to reach them as far as it is the same everywhere."""
    return [
        (_("Occupational health"), ""),
        (_("Shop steward"), ""),
        (_("Health and safety representative"), ""),
        # MIELI Mental Health Finland: https://mentalhealth.fi/where-to-go-in-an-emergency
        (_("Crisis helpline"), _("In Finland MIELI, 09 2525 0111 in Finnish, 09 2525 0112 in Swedish")),
        (_("Emergency number"), _("112, when somebody is in danger")),
    ]
