"""A passkey as an ordinary way in, and to confirm that it is still the same person."""

from uuid import UUID

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.access.actions import note_came_in
from app.access.guard import needs, public
from app.access.permissions import Permission
from app.access.queries import find_actor
from app.break_glass import actions
from app.break_glass.forms import CeremonyForm
from app.break_glass.views.blueprint import ask_for_passkey, break_glass, explain, relying_party
from app.clock import now
from app.passkeys.ceremony import use_challenge
from app.passkeys.errors import PasskeyRefusal, UnknownPasskey
from app.sign_in.queries import is_enforced
from app.sign_in.views.blueprint import home_of, local_path
from app.web.here import actor
from app.web.pages import render
from app.web.session import start_account_session


@break_glass.get("/sign-in/passkey")
@public("A door of the organisation: nobody is signed in yet.")
def passkey() -> Response:
    if actor().is_signed_in:
        return redirect(home_of(actor()), 303)
    return _door()


@break_glass.post("/sign-in/passkey")
@public("A door of the organisation: nobody is signed in yet.")
def sign_in_by_passkey() -> Response:
    form = CeremonyForm(request.form)
    try:
        challenge = use_challenge(form.challenge.data, form.credential.data, now())
        account_id = actions.come_in_by_passkey(
            party=relying_party(), credential=form.credential.data or "", challenge=challenge, now=now()
        )
    except PasskeyRefusal as refusal:
        return _door(problem=explain(refusal), status=422)
    note_came_in(account_id=account_id, now=now())
    return _come_in(account_id)


@break_glass.get("/sign-in/again/passkey")
@needs(Permission.KEEP_OWN_SIGN_INS)
def again() -> Response:
    return _again()


@break_glass.post("/sign-in/again/passkey")
@needs(Permission.KEEP_OWN_SIGN_INS)
def confirm() -> Response:
    """Lets nobody in who is not here already, and so asks for no more than one's own passkey."""
    form = CeremonyForm(request.form)
    try:
        challenge = use_challenge(form.challenge.data, form.credential.data, now())
        account_id = actions.check_passkey(
            party=relying_party(), credential=form.credential.data or "", challenge=challenge, now=now()
        )
        if account_id != actor().id:
            raise UnknownPasskey
    except PasskeyRefusal as refusal:
        return _again(problem=explain(refusal), status=422)
    return _come_in(account_id)


def _come_in(account_id: UUID) -> Response:
    """Begin a session under a new id, and go where they were going."""
    wanted = local_path(session.get("next"))
    start_account_session(account_id, method="passkey")
    who = find_actor(account_id)
    return redirect(wanted or (home_of(who) if who else "/"), 303)


def _door(*, problem: str = "", status: int = 200) -> Response:
    challenge, options = ask_for_passkey()
    return render(
        "break_glass/passkey.html",
        problem=problem,
        is_enforced=is_enforced(),
        here_path=lambda: url_for("break_glass.passkey"),
        status=status,
        challenge=challenge,
        options=options,
    )


def _again(*, problem: str = "", status: int = 200) -> Response:
    challenge, options = ask_for_passkey()
    return render(
        "break_glass/again.html",
        problem=problem,
        here_path=lambda: url_for("break_glass.again"),
        status=status,
        challenge=challenge,
        options=options,
    )
