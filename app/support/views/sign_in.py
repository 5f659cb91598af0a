from flask import redirect, request, session
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs, public
from app.access.permissions import Permission
from app.support import actions
from app.support.errors import StaffRefusal
from app.support.forms import CeremonyForm
from app.support.gateway import request_options
from app.support.views.blueprint import support
from app.support.views.ceremony import explain, issue_challenge, relying_party, use_challenge
from app.web.here import actor
from app.web.pages import render, see_other
from app.web.session import end_session, start_staff_session


@support.get("/sign-in")
@public("The staff door: nobody is signed in yet.")
def sign_in() -> Response:
    if actor().kind == "staff":
        return see_other("support.customers")
    return _door()


@support.get("/sign-in/again")
@needs(Permission.SEE_CUSTOMERS)
def again() -> Response:
    return _door(again=True)


@support.post("/sign-in")
@public("The staff door: nobody is signed in yet.")
def sign_in_with_passkey() -> Response:
    form = CeremonyForm(request.form)
    now = clock.now()
    try:
        challenge = use_challenge(form.challenge.data, form.credential.data, now)
        staff = actions.sign_in(party=relying_party(), credential=form.credential.data, challenge=challenge, now=now)
    except StaffRefusal as refusal:
        return _door(problem=explain(refusal), status=422)
    wanted = session.get("next", "")
    start_staff_session(staff.id)
    return see_other("support.customers") if not _is_ours(wanted) else redirect(wanted, 303)


@support.post("/sign-out")
@public("Leaving is open to everybody.")
def sign_out() -> Response:
    end_session()
    return see_other("support.sign_in")


def _is_ours(path: str) -> bool:
    """Whether the kept address stays on this host; two slashes would name another one."""
    return path.startswith("/") and not path.startswith(("//", "/\\"))


def _door(problem: str | None = None, status: int = 200, *, again: bool = False) -> Response:
    challenge = issue_challenge(clock.now())
    return render(
        "support/sign_in.html",
        challenge=challenge,
        options=request_options(relying_party(), challenge),
        problem=problem,
        again=again,
        status=status,
    )
