from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import public
from app.links import unseal
from app.support import actions
from app.support.errors import InvitationExpired, InvitationUsed, StaffEnded, StaffRefusal
from app.support.forms import NewPasskeyForm
from app.support.gateway import creation_options
from app.support.models import Staff
from app.support.queries.staff import list_passkeys
from app.support.views.blueprint import support
from app.support.views.ceremony import explain, issue_challenge, relying_party, use_challenge
from app.web.pages import render, see_other
from app.web.session import start_staff_session
from tenants.errors import NotHere

ENDED_LINKS = (NotHere, InvitationUsed, InvitationExpired, StaffEnded)


@support.get("/enrol/<token>")
@public("Whoever holds the one-use link is about to get a passkey.")
def enrolment(token: str) -> Response:
    try:
        staff = actions.check_invitation(_invitation_id(token), now=clock.now())
    except ENDED_LINKS as ended:
        return _ended_link(ended)
    return _page(token, staff, NewPasskeyForm())


@support.post("/enrol/<token>")
@public("Whoever holds the one-use link is about to get a passkey.")
def enrol(token: str) -> Response:
    form = NewPasskeyForm(request.form)
    try:
        invitation_id = _invitation_id(token)
        staff = actions.check_invitation(invitation_id, now=clock.now())
    except ENDED_LINKS as ended:
        return _ended_link(ended)
    if not form.validate():
        return _page(token, staff, form, status=422)
    try:
        _enrol(invitation_id, form)
    except StaffRefusal as refusal:
        return _page(token, staff, form, problem=explain(refusal), status=422)
    start_staff_session(staff.id)
    return see_other("support.passkeys")


def _enrol(invitation_id: UUID, form: NewPasskeyForm) -> None:
    now = clock.now()
    actions.enrol(
        invitation_id=invitation_id,
        party=relying_party(),
        challenge=use_challenge(form.challenge.data, form.credential.data, now),
        credential=form.credential.data or "",
        name=form.name.data or "",
        now=now,
    )


def _invitation_id(token: str) -> UUID:
    invitation_id = unseal("staff-invitation", token)
    if invitation_id is None:
        raise NotHere
    return invitation_id


def _page(token: str, staff: Staff, form: NewPasskeyForm, *, problem: str | None = None, status: int = 200) -> Response:
    challenge = issue_challenge(clock.now())
    known = list_passkeys(staff.id)
    return render(
        "support/enrol.html",
        status=status,
        token=token,
        staff=staff,
        is_first=not known,
        form=form,
        problem=problem,
        challenge=challenge,
        options=creation_options(relying_party(), staff, challenge, known),
    )


def _ended_link(ended: Exception) -> Response:
    """410 for a link that once worked, 404 for one that never did."""
    status = 404 if isinstance(ended, NotHere) else 410
    return render("support/ended_link.html", reason=type(ended).__name__, status=status)
