"""What stands around the sign-in: pages of other features that whoever is here may open."""

from collections.abc import Sequence

from flask import current_app, url_for
from flask_babel import gettext as _

from app.access.permissions import Permission
from app.sign_in.models import Connection, Jit
from app.web.here import actor


def list_around(in_use: Sequence[Connection]) -> Sequence[tuple[str, str, str, str]]:
    """Icon, address, title and a small text of each page that is there for whoever acts."""
    asks = any(each.jit == Jit.APPROVAL for each in in_use)
    pages = [
        ("building-2", "domains.index", Permission.MANAGE_SIGN_IN, *_domains()),
        ("hourglass", "sign_in.arrivals", Permission.LET_IN if asks else None, *_arrivals()),
        ("users-round", "provisioning.index", Permission.MANAGE_PROVISIONING, *_provisioning()),
        ("log-out", "sessions.settings", Permission.END_SESSIONS, *_sessions()),
        ("key-round", "break_glass.enrolment", Permission.KEEP_RESCUE, *_rescue()),
        ("log-in", "sign_in.own_log_ins", Permission.KEEP_OWN_SIGN_INS, *_own()),
    ]
    return [
        (icon, url_for(endpoint), title, note)
        for icon, endpoint, needed, title, note in pages
        if needed and actor().may(needed) and endpoint in current_app.view_functions
    ]


def _domains() -> tuple[str, str]:
    return _("Your domains"), _("Prove that the part of your addresses after the @ is yours.")


def _arrivals() -> tuple[str, str]:
    return _("Who asks to come in"), _("People who signed in and whom nobody invited.")


def _provisioning() -> tuple[str, str]:
    return _("Your directory"), _("Have it send people to Kamu by itself (SCIM).")


def _sessions() -> tuple[str, str]:
    return _("How long sign-ins last"), _("Set limits, and end sign-ins at once.")


def _rescue() -> tuple[str, str]:
    return _("When the sign-in fails"), _("Your own passkey or codes. Two owners each have some.")


def _own() -> tuple[str, str]:
    return _("Your own log-in"), _("Connect the account by which you come in yourself.")
