"""What the pages about the organisation's own directory say."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.roles import Role

ROLE_OF_GROUP_NAMES = {
    Role.PROGRAMME_LEAD: _l("programme leads"),
    Role.IT_CONTACT: _l("IT contacts"),
    Role.BILLING_CONTACT: _l("billing contacts"),
    Role.EMPLOYEE_REPRESENTATIVE: _l("employee representatives"),
}


def about_words(about: str) -> str:
    """Say in words what a call was about."""
    return {"Users": _("People"), "Groups": _("Groups"), "Bulk": _("Many at once")}.get(about) or _("What Kamu offers")


def method_words(method: str) -> str:
    """Say in words what a call did."""
    return {
        "GET": _("Read"),
        "POST": _("Add or search"),
        "PUT": _("Replace"),
        "PATCH": _("Change"),
        "DELETE": _("Remove"),
    }.get(method, method)


def outcome_words(status: int, error: str) -> str:
    """Say in words how a call ended, and what to do about it."""
    by_error = {
        "expired": _("The token is over. Make a new one."),
        "revoked": _("The token was revoked. The directory still uses it."),
        "uniqueness": _("Somebody else has the same user name, address or number already."),
        "invalidFilter": _("Kamu does not know this filter."),
        "invalidValue": _("A value does not fit."),
        "mutability": _("A value that cannot be changed was sent."),
    }
    by_status = {
        404: _("There is nobody or nothing by this id."),
        412: _("It was changed by somebody else meanwhile. The directory tries again."),
        413: _("Too much at once."),
        429: _("Too many calls at once. The directory tries again."),
    }
    if status < 400:
        return _("Done")
    failed = _("Kamu could not do it just then.") if status >= 500 else _("Kamu did not understand it.")
    return by_error.get(error) or by_status.get(status) or failed
