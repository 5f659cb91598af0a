"""Nitor's staff: closings, the two approvals by passkey, and calling one off."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.closing import words
from app.closing.actions import ask
from app.closing.errors import ClosingRefusal, WrongName
from app.closing.forms import ApprovalForm
from app.closing.models import ClosingState
from app.closing.queries.control import (
    CAN_BE_CALLED_OFF,
    count_approvals,
    count_places_left,
    find_dropped_at,
    get_case,
    list_approvals,
    list_cases,
)
from app.closing.views.pages import closings
from app.support.errors import StaffRefusal
from app.support.gateway import request_options
from app.support.views.ceremony import check_own_passkey, explain, issue_challenge, relying_party, staff_id
from app.web.here import actor
from app.web.pages import render, see_other


@closings.get("/closings")
@needs(Permission.APPROVE_CLOSINGS)
def index() -> Response:
    cases = list_cases()
    return render(
        "closing/cases.html",
        cases=cases,
        given=count_approvals([case.closing.id for case in cases]),
        places_left=count_places_left(now()),
        words=words,
        now=now(),
    )


@closings.get("/closings/<uuid:closing_id>")
@needs(Permission.APPROVE_CLOSINGS)
def case(closing_id: UUID) -> Response:
    return _page(closing_id, ApprovalForm())


@closings.post("/closings/<uuid:closing_id>/approve")
@needs(Permission.APPROVE_CLOSINGS)
def approve(closing_id: UUID) -> Response:
    form = ApprovalForm(request.form)
    if not form.validate():
        return _page(closing_id, form, status=422)
    try:
        check_own_passkey(form.challenge.data, form.credential.data)
        found = ask.approve(closing_id=closing_id, staff_id=staff_id(), typed=form.name.data, now=now())
    except WrongName as refusal:
        form.name.errors = [words.say_refusal(refusal)]
        return _page(closing_id, form, status=422)
    except ClosingRefusal as refusal:
        return _page(closing_id, form, problem=words.say_refusal(refusal), status=422)
    except StaffRefusal as refusal:
        return _page(closing_id, form, problem=explain(refusal), status=422)
    grace = found.state == ClosingState.GRACE.value
    flash(_("Approved. Everybody is told now.") if grace else _("Approved. It needs one more of us."))
    return see_other("closings.case", closing_id=closing_id)


@closings.post("/closings/<uuid:closing_id>/call-off")
@needs(Permission.APPROVE_CLOSINGS)
def call_off(closing_id: UUID) -> Response:
    try:
        ask.call_off(closing_id=closing_id, now=now())
    except ClosingRefusal as refusal:
        return _page(closing_id, ApprovalForm(), problem=words.say_refusal(refusal), status=422)
    flash(_("Called off. Whoever was told of it hears that too."))
    return see_other("closings.case", closing_id=closing_id)


def _page(closing_id: UUID, form: ApprovalForm, *, problem: str | None = None, status: int = 200) -> Response:
    found = get_case(closing_id)
    approvals = list_approvals(closing_id)
    challenge = issue_challenge(now())
    return render(
        "closing/case.html",
        case=found,
        closing=found.closing,
        approvals=approvals,
        may_approve=found.closing.state == ClosingState.ASKED.value
        and actor().id not in {s.id for s, _at in approvals},
        may_call_off=found.closing.state in CAN_BE_CALLED_OFF,
        proof=words.list_proof(found.closing, find_dropped_at(found.closing.tenant_id)),
        wait=words.say_wait(found, places_left=count_places_left(now()), now=now()),
        form=form,
        problem=problem,
        challenge=challenge,
        options=request_options(relying_party(), challenge),
        words=words,
        status=status,
    )
