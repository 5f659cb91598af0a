"""The owners' pages: who holds which role, inviting, changing, removing."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.clock import now
from app.roles import actions
from app.roles.errors import HasLeft, HoldsAlready, MayNotGive, RoleRefusal
from app.roles.forms import InviteForm, OfferForm, RolesForm
from app.roles.policies import OWNERS_BEFORE_LAUNCH
from app.roles.queries.holders import get_holder, list_holders
from app.roles.views.pages import roles
from app.roles.words import DUTIES, name_roles, say_refusal
from app.web.here import actor
from app.web.language import reader_language
from app.web.pages import render, see_other


@roles.get("/set-up/roles")
@needs(Permission.MANAGE_ROLES)
def index() -> Response:
    holders = list_holders()
    owners = [each for each in holders if each.is_owner]
    return render(
        "roles/index.html",
        holders=holders,
        owners=owners,
        owners_needed=OWNERS_BEFORE_LAUNCH,
        duties=DUTIES,
        name_roles=name_roles,
        me=actor().id,
        now=now(),
    )


@roles.get("/set-up/roles/new")
@needs(Permission.MANAGE_ROLES)
@fresh
def new() -> Response:
    return _new(InviteForm(language=reader_language(), roles=[request.args.get("role", "")]))


@roles.post("/set-up/roles/new")
@needs(Permission.MANAGE_ROLES)
@fresh
def invite() -> Response:
    form = InviteForm(request.form)
    if not form.validate():
        return _new(form, status=422)
    try:
        actions.invite_to_roles(
            email=form.email.data,
            name=form.name.data,
            roles=form.chosen(),
            language=form.language.data,
            by=actor(),
            now=now(),
        )
    except RoleRefusal as refusal:
        field = form.email if isinstance(refusal, HoldsAlready | HasLeft) else form.roles
        field.errors = [say_refusal(refusal)]
        return _new(form, status=422)
    flash(_("Invited. The mail leaves within a minute."))
    return see_other("roles.index")


@roles.get("/set-up/roles/<uuid:account_id>")
@needs(Permission.MANAGE_ROLES)
@fresh
def holder(account_id: UUID) -> Response:
    return _holder(account_id, RolesForm(roles=[role.value for role in get_holder(account_id).roles]))


@roles.post("/set-up/roles/<uuid:account_id>")
@needs(Permission.MANAGE_ROLES)
@fresh
def change(account_id: UUID) -> Response:
    form = RolesForm(request.form)
    if not form.validate():
        return _holder(account_id, form, status=422)
    try:
        actions.change_roles(account_id=account_id, roles=form.chosen(), by=actor(), now=now())
    except RoleRefusal as refusal:
        form.roles.errors = [say_refusal(refusal)]
        return _holder(account_id, form, status=422)
    flash(_("Kept."))
    return see_other("roles.index")


@roles.post("/set-up/roles/<uuid:account_id>/removal")
@needs(Permission.MANAGE_ROLES)
@fresh
def remove(account_id: UUID) -> Response:
    waited = get_holder(account_id).waits
    try:
        actions.remove_holder(account_id=account_id, by=actor(), now=now())
    except RoleRefusal as refusal:
        return _refused(account_id, refusal)
    flash(_("The invitation is withdrawn; its link opens nothing.") if waited else _("Removed, and signed out."))
    return see_other("roles.index")


@roles.post("/set-up/roles/<uuid:account_id>/mail")
@needs(Permission.MANAGE_ROLES)
@fresh
def send_again(account_id: UUID) -> Response:
    try:
        actions.send_again(account_id=account_id, now=now())
    except RoleRefusal as refusal:
        return _refused(account_id, refusal)
    flash(_("Sent again. Only the newest link works."))
    return see_other("roles.index")


@roles.post("/set-up/roles/<uuid:account_id>/offer")
@needs(Permission.MANAGE_ROLES)
@fresh
def make_offer(account_id: UUID) -> Response:
    form = OfferForm(request.form)
    if not form.validate():
        return _refused(account_id, None, form)
    try:
        actions.offer_ownership(to=account_id, stays=form.stays.data == "yes", by=actor(), now=now())
    except RoleRefusal as refusal:
        return _refused(account_id, refusal, form)
    flash(_("Offered. Nothing changes before they have said yes."))
    return see_other("roles.index")


@roles.post("/set-up/roles/<uuid:account_id>/offer/removal")
@needs(Permission.MANAGE_ROLES)
def take_offer_back(account_id: UUID) -> Response:
    try:
        actions.take_offer_back(account_id=account_id, by=actor())
    except MayNotGive as refusal:
        return _refused(account_id, refusal)
    flash(_("The offer is taken back."))
    return see_other("roles.index")


def _refused(account_id: UUID, refusal: RoleRefusal | None, offer: OfferForm | None = None) -> Response:
    """Show the person's page again, with what stands in the way."""
    form = RolesForm(roles=[role.value for role in get_holder(account_id).roles])
    return _holder(account_id, form, problem=say_refusal(refusal) if refusal else None, offer=offer, status=422)


def _new(form: InviteForm, status: int = 200) -> Response:
    return render("roles/new.html", form=form, duties=DUTIES, status=status)


def _holder(
    account_id: UUID,
    form: RolesForm,
    *,
    problem: str | None = None,
    offer: OfferForm | None = None,
    status: int = 200,
) -> Response:
    held = get_holder(account_id)
    return render(
        "roles/holder.html",
        held=held,
        account=held.account,
        form=form,
        offer=offer or OfferForm(),
        problem=problem,
        is_me=account_id == actor().id,
        may_be_offered=not held.waits and held.can_come_in and not held.is_owner,
        duties=DUTIES,
        name_roles=name_roles,
        now=now(),
        status=status,
    )
