"""Somebody whom nobody invited: the page they see while they wait."""

from werkzeug.wrappers import Response

from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.web.pages import render


def asked_page() -> Response:
    """Their request is noted; nothing more is to be done."""
    runners = list_accounts_with(Role.PROGRAMME_LEAD) or list_accounts_with(Role.OWNER)
    return render("sign_in/asked.html", runner=runners[0].name if runners else None)
