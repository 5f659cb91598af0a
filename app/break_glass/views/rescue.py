"""The rescue: an owner comes in without the provider, for half an hour, to the sign-in settings alone."""

from uuid import UUID

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import public
from app.break_glass import actions
from app.break_glass.errors import CodeRefused
from app.break_glass.forms import CeremonyForm, CodeForm
from app.break_glass.views.blueprint import ask_for_passkey, break_glass, explain, relying_party
from app.clock import now
from app.passkeys.ceremony import use_challenge
from app.passkeys.errors import PasskeyRefusal
from app.web.pages import render, see_other
from app.web.session import start_account_session


@break_glass.get("/sign-in/rescue")
@public("An owner's way in when the sign-in fails: nobody is signed in yet.")
def rescue() -> Response:
    return _page(CodeForm())


@break_glass.post("/sign-in/rescue/code")
@public("An owner's way in when the sign-in fails: nobody is signed in yet.")
def redeem() -> Response:
    form = CodeForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        account_id = actions.use_code(email=form.email.data or "", code=form.code.data or "", now=now())
    except CodeRefused:
        refused = _("No owner with this address has this code left. Each code works once; take the next on your list.")
        return _page(form, problem=refused, status=422)
    return _come_in(account_id)


@break_glass.post("/sign-in/rescue/passkey")
@public("An owner's way in when the sign-in fails: nobody is signed in yet.")
def rescue_by_passkey() -> Response:
    form = CeremonyForm(request.form)
    try:
        challenge = use_challenge(form.challenge.data, form.credential.data, now())
        account_id = actions.rescue_by_passkey(
            party=relying_party(), credential=form.credential.data or "", challenge=challenge, now=now()
        )
    except PasskeyRefusal as refusal:
        return _page(CodeForm(), problem=explain(refusal), status=422)
    return _come_in(account_id)


def _come_in(account_id: UUID) -> Response:
    start_account_session(account_id, method="rescue")
    flash(_("You are in for 30 minutes, for the sign-in settings only. Every owner has a mail about it."))
    return see_other("sign_in.connection")


def _page(form: CodeForm, *, problem: str = "", status: int = 200) -> Response:
    challenge, options = ask_for_passkey()
    return render(
        "break_glass/rescue.html",
        form=form,
        problem=problem,
        here_path=lambda: url_for("break_glass.rescue"),
        status=status,
        challenge=challenge,
        options=options,
    )
