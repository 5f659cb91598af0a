from flask import session
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import public
from app.links import unseal
from app.people.queries import get_person
from app.sign_in import actions
from app.sign_in.models import Invitation
from app.sign_in.queries import find_invitation, has_active_connection
from app.sign_in.views.blueprint import sign_in
from app.web.pages import render, see_other


@sign_in.get("/invitations/<token>")
@public("Whoever holds an invitation comes here before the first sign-in.")
def invitation(token: str) -> Response:
    invitation_id = unseal("invitation", token)
    found = find_invitation(invitation_id) if invitation_id else None
    ended = _ended(found)
    if found is None or ended:
        return render(
            "sign_in/invitation_ended.html",
            ended=ended or "unknown",
            token=token,
            has_provider=has_active_connection(),
            status=410 if ended else 404,
        )
    # Remembered for this browser: the sign-in that follows is the invited person's.
    session["invitation"] = str(found.id)
    return render(
        "sign_in/invitation.html",
        given_name=get_person(found.person_id).given_name,
        has_provider=has_active_connection(),
    )


@sign_in.post("/invitations/<token>/renewal")
@public("Whoever holds an invitation comes here before the first sign-in.")
def renew_invitation(token: str) -> Response:
    invitation_id = unseal("invitation", token)
    if invitation_id is None or find_invitation(invitation_id) is None:
        return render("sign_in/invitation_ended.html", ended="unknown", token=token, has_provider=False, status=404)
    actions.ask_new_invitation(invitation_id=invitation_id, now=clock.now())
    return see_other("sign_in.invitation_asked")


@sign_in.get("/invitations")
@public("Says the same to everybody who asked for a new invitation.")
def invitation_asked() -> Response:
    return render("sign_in/invitation_asked.html")


def _ended(found: Invitation | None) -> str:
    if found is None:
        return ""
    if found.accepted_at:
        return "used"
    return "expired" if found.has_expired(clock.now()) else ""
