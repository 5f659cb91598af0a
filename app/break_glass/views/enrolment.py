"""One's own passkeys and codes: making and taking away."""

from uuid import UUID

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.break_glass import actions
from app.break_glass.forms import PasskeyForm
from app.break_glass.policies import may_be_rescued
from app.break_glass.queries import count_codes, count_enrolled_owners, known, list_passkeys
from app.break_glass.views.blueprint import break_glass, explain, relying_party
from app.clock import now
from app.passkeys.ceremony import issue_challenge, use_challenge
from app.passkeys.errors import PasskeyRefusal
from app.passkeys.gateway import Holder, creation_options
from app.sign_in.queries import is_enforced
from app.web.here import actor
from app.web.pages import render, see_other
from tenants.errors import NotHere


@break_glass.get("/me/rescue")
@needs(Permission.KEEP_RESCUE)
@fresh
def enrolment() -> Response:
    return _page(PasskeyForm())


@break_glass.post("/me/rescue/passkeys")
@needs(Permission.KEEP_RESCUE)
@fresh
def add_passkey() -> Response:
    form = PasskeyForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        actions.add_passkey(
            by=actor(),
            party=relying_party(),
            challenge=use_challenge(form.challenge.data, form.credential.data, now()),
            credential=form.credential.data or "",
            name=form.name.data or "",
            now=now(),
        )
    except PasskeyRefusal as refusal:
        return _page(form, problem=explain(refusal), status=422)
    flash(_("The passkey “%(name)s” is added.", name=form.name.data))
    return see_other("break_glass.enrolment")


@break_glass.post("/me/rescue/passkeys/<uuid:passkey_id>/remove")
@needs(Permission.KEEP_RESCUE)
@fresh
def remove_passkey(passkey_id: UUID) -> Response:
    name = actions.remove_passkey(passkey_id, by=actor(), now=now())
    flash(_("The passkey “%(name)s” is removed. It no longer opens anything here.", name=name))
    return see_other("break_glass.enrolment")


@break_glass.post("/me/rescue/codes")
@needs(Permission.KEEP_RESCUE)
@fresh
def make_codes() -> Response:
    """Shows the codes in the answer itself: they are kept nowhere, so there is no page to come back to."""
    if not may_be_rescued(actor()):
        raise NotHere("codes are the owners'")
    codes = actions.make_codes(by=actor(), now=now())
    return render("break_glass/codes.html", codes=codes, email=actor().email, here_path=_back)


def _back() -> str:
    return url_for("break_glass.enrolment")


def _page(form: PasskeyForm, *, problem: str = "", status: int = 200) -> Response:
    who = actor()
    if who.id is None:
        raise NotHere("an account's own page")
    passkeys, challenge = list_passkeys(who.id), issue_challenge(now())
    return render(
        "break_glass/enrolment.html",
        form=form,
        problem=problem,
        passkeys=passkeys,
        is_owner=may_be_rescued(who),
        codes_left=count_codes(who.id),
        owners=count_enrolled_owners(),
        is_enforced=is_enforced(),
        challenge=challenge,
        options=creation_options(relying_party(), Holder(who.id, who.email, who.name), challenge, map(known, passkeys)),
        here_path=_back,
        status=status,
    )
