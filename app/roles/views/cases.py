"""Nitor's staff: a new owner for an organisation that has none. One writes it down, another approves by passkey."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.roles import words
from app.roles.actions import recover
from app.roles.errors import RoleRefusal, WrongName
from app.roles.forms import ApprovalForm, RecoveryForm
from app.roles.queries.recoveries import RecoveryState, get_case, list_cases
from app.roles.views.pages import recoveries
from app.support.errors import StaffRefusal
from app.support.gateway import request_options
from app.support.views.ceremony import check_own_passkey, explain, issue_challenge, relying_party, staff_id
from app.web.here import actor
from app.web.pages import render, see_other


@recoveries.get("/recoveries")
@needs(Permission.RECOVER_OWNERS)
def index() -> Response:
    return _index(RecoveryForm(slug=request.args.get("slug", "")))


@recoveries.post("/recoveries")
@needs(Permission.RECOVER_OWNERS)
def ask() -> Response:
    form = RecoveryForm(request.form)
    if not form.validate():
        return _index(form, 422)
    try:
        found = recover.ask_recovery(
            slug=form.slug.data,
            email=form.email.data,
            name=form.name.data,
            reference=form.reference.data,
            staff_id=staff_id(),
            now=now(),
        )
    except RoleRefusal as refusal:
        form.slug.errors = [words.say_refusal(refusal)]
        return _index(form, 422)
    flash(_("Written down. It needs one more of us."))
    return see_other("recoveries.case", recovery_id=found.id)


@recoveries.get("/recoveries/<uuid:recovery_id>")
@needs(Permission.RECOVER_OWNERS)
def case(recovery_id: UUID) -> Response:
    return _page(recovery_id, ApprovalForm())


@recoveries.post("/recoveries/<uuid:recovery_id>/approve")
@needs(Permission.RECOVER_OWNERS)
def approve(recovery_id: UUID) -> Response:
    form = ApprovalForm(request.form)
    if not form.validate():
        return _page(recovery_id, form, status=422)
    try:
        check_own_passkey(form.challenge.data, form.credential.data)
        recover.approve_recovery(recovery_id=recovery_id, staff_id=staff_id(), typed=form.name.data, now=now())
    except WrongName as refusal:
        form.name.errors = [words.say_refusal(refusal)]
        return _page(recovery_id, form, status=422)
    except RoleRefusal as refusal:
        return _page(recovery_id, form, problem=words.say_refusal(refusal), status=422)
    except StaffRefusal as refusal:
        return _page(recovery_id, form, problem=explain(refusal), status=422)
    flash(_("Approved. Everybody with a role there is told now."))
    return see_other("recoveries.case", recovery_id=recovery_id)


@recoveries.post("/recoveries/<uuid:recovery_id>/call-off")
@needs(Permission.RECOVER_OWNERS)
def call_off(recovery_id: UUID) -> Response:
    try:
        recover.call_off_recovery(recovery_id=recovery_id, now=now())
    except RoleRefusal as refusal:
        return _page(recovery_id, ApprovalForm(), problem=words.say_refusal(refusal), status=422)
    flash(_("Called off. Whoever was told of it hears that too."))
    return see_other("recoveries.case", recovery_id=recovery_id)


def _index(form: RecoveryForm, status: int = 200) -> Response:
    return render("roles/recoveries.html", cases=list_cases(), form=form, words=words, status=status)


def _page(recovery_id: UUID, form: ApprovalForm, *, problem: str | None = None, status: int = 200) -> Response:
    found = get_case(recovery_id)
    challenge = issue_challenge(now())
    waits = found.state is RecoveryState.ASKED
    return render(
        "roles/recovery_case.html",
        case=found,
        recovery=found.recovery,
        may_approve=waits and found.recovery.asked_by != actor().id,
        may_call_off=waits or found.state is RecoveryState.NOTICE,
        form=form,
        problem=problem,
        challenge=challenge,
        options=request_options(relying_party(), challenge),
        words=words,
        status=status,
    )
