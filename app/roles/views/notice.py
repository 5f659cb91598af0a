"""What everybody with a role is told of a recovery, and the press that calls it off. The link in the mail is enough:
where no owner is left, the sign-in may be lost as well.
"""

from uuid import UUID

from werkzeug.wrappers import Response

from app.access.guard import public
from app.links import unseal
from app.roles.actions.watch import ask_to_call_off
from app.roles.models import OwnerRecovery
from app.roles.queries.holders import get_holder
from app.roles.queries.recoveries import read_announced
from app.roles.views.pages import roles
from app.web.here import tenant
from app.web.pages import render
from tenants.errors import NotHere


@roles.get("/owner-recovery/<token>")
@public("Whoever has a role gets this link by mail, and may have no other way in.")
def recovery(token: str) -> Response:
    try:
        found, _ = _read(token)
    except NotHere:
        return render("roles/recovery_over.html", status=404)
    return render("roles/recovery.html", recovery=found, token=token)


@roles.post("/owner-recovery/<token>")
@public("Whoever has a role gets this link by mail, and may have no other way in.")
def call_off_recovery(token: str) -> Response:
    try:
        _, account_id = _read(token)
        ask_to_call_off(account_id=account_id)
    except NotHere:
        return render("roles/recovery_over.html", status=404)
    return render("roles/recovery_called_off.html")


def _read(token: str) -> tuple[OwnerRecovery, UUID]:
    """The recovery that is announced, and who holds the link; raises NotHere for a link of another one."""
    found = read_announced(tenant().id)
    account_id = unseal(f"owner-recovery-{found.id}", token) if found else None
    if found is None or account_id is None:
        raise NotHere("no link of a recovery that is under way")
    get_holder(account_id)
    return found, account_id
