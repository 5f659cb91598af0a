"""The way in of somebody who was invited to a role: the page behind the link, and the press of its button."""

from uuid import UUID

from werkzeug.wrappers import Response

from app.access.guard import public
from app.clock import now
from app.links import unseal
from app.roles.actions.invite import check_invitation, is_opened_by_mail, note_opened, open_invitation
from app.roles.queries.holders import get_holder
from app.roles.views.pages import roles
from app.roles.words import DUTIES, name_roles
from app.sign_in.errors import LinkError, LinkExpired
from app.web.pages import render, see_other
from app.web.session import start_account_session
from tenants.errors import NotHere


@roles.get("/role-invitations/<token>")
@public("Whoever was invited to a role comes here before the first sign-in.")
def invitation(token: str) -> Response:
    try:
        account = check_invitation(link_id=_id(token), now=now())
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    held = get_holder(account.id)
    return render(
        "roles/invitation.html",
        token=token,
        name=account.name,
        held=held,
        duties=DUTIES,
        name_roles=name_roles,
        by_mail=is_opened_by_mail(account),
    )


@roles.post("/role-invitations/<token>")
@public("Whoever was invited to a role comes here before the first sign-in.")
def accept(token: str) -> Response:
    try:
        account = open_invitation(link_id=_id(token), now=now())
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    if not is_opened_by_mail(account):
        # Their own sign-in shows who they are.
        return see_other("sign_in.door")
    connects = note_opened(account, now())
    start_account_session(account.id, method="link")
    return see_other("sign_in.own_log_ins" if connects else "onboarding.home")


def _does_not_open(error: Exception) -> Response:
    status = 410 if isinstance(error, LinkError) else 404
    why = "expired" if isinstance(error, LinkExpired) else "used" if isinstance(error, LinkError) else "unknown"
    return render("roles/invitation_ended.html", why=why, status=status)


def _id(token: str) -> UUID:
    found = unseal("role-invitation", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found
