from uuid import UUID

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.support import actions
from app.support.errors import LastPasskey, StaffRefusal
from app.support.forms import NewPasskeyForm
from app.support.gateway import creation_options
from app.support.models import Staff
from app.support.queries.staff import find_staff, get_passkey, list_passkeys
from app.support.views import wording
from app.support.views.blueprint import support
from app.support.views.ceremony import explain, issue_challenge, relying_party, use_challenge
from app.web.here import actor
from app.web.pages import render, see_other


@support.get("/passkeys")
@needs(Permission.MANAGE_OWN_PASSKEYS)
def passkeys() -> Response:
    return _page(NewPasskeyForm())


@support.post("/passkeys")
@needs(Permission.MANAGE_OWN_PASSKEYS)
def add_passkey() -> Response:
    form = NewPasskeyForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    now = clock.now()
    try:
        actions.add_passkey(
            staff=_myself(),
            party=relying_party(),
            challenge=use_challenge(form.challenge.data, form.credential.data, now),
            credential=form.credential.data or "",
            name=form.name.data or "",
            now=now,
        )
    except StaffRefusal as refusal:
        return _page(form, problem=explain(refusal), status=422)
    flash(_("The passkey “%(name)s” is added.", name=form.name.data))
    return see_other("support.passkeys")


@support.get("/passkeys/<uuid:passkey_id>/removal")
@needs(Permission.MANAGE_OWN_PASSKEYS)
def passkey_removal(passkey_id: UUID) -> Response:
    passkey = get_passkey(passkey_id, staff_id=_myself().id)
    return render("support/remove_passkey.html", passkey=passkey)


@support.post("/passkeys/<uuid:passkey_id>/removal")
@needs(Permission.MANAGE_OWN_PASSKEYS)
def remove_passkey(passkey_id: UUID) -> Response:
    try:
        removed = actions.remove_passkey(passkey_id, staff_id=_myself().id, now=clock.now())
    except LastPasskey:
        problem = _("This is your only passkey. Add another one first; then you can remove it.")
        return _page(NewPasskeyForm(), problem=problem, status=422)
    flash(_("The passkey “%(name)s” is removed. It no longer signs you in.", name=removed.name))
    return see_other("support.passkeys")


def _myself() -> Staff:
    staff = find_staff(actor().id or abort(404))
    return staff or abort(404)


def _page(form: NewPasskeyForm, *, problem: str | None = None, status: int = 200) -> Response:
    staff = _myself()
    known = list_passkeys(staff.id)
    challenge = issue_challenge(clock.now())
    return render(
        "support/passkeys.html",
        status=status,
        form=form,
        words=wording,
        passkeys=known,
        problem=problem,
        challenge=challenge,
        options=creation_options(relying_party(), staff, challenge, known),
    )
