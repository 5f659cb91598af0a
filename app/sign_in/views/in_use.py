"""A connection in use: what is decided about it, whether it is the only way in, and its end."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.access.roles import Role
from app.sign_in import actions
from app.sign_in.errors import EnforcementRefused, NotActive
from app.sign_in.forms import PROVIDER_NAMES, DecidedForm
from app.sign_in.models import Connection, Jit
from app.sign_in.queries import get_connection, is_enforced, list_connections_in_use
from app.sign_in.queries.dry_run import list_hindrances
from app.sign_in.views.blueprint import addresses_of, sign_in
from app.sign_in.views.overview import look_dry, page
from app.web.here import actor
from app.web.pages import render, see_other
from tenants.errors import NotHere


@sign_in.get("/set-up/sign-in/active/<uuid:connection_id>")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def in_use(connection_id: UUID) -> Response:
    found = _in_use(connection_id)
    form = DecidedForm(
        name=found.name,
        secret_ends_on=found.secret_ends_on,
        jit=found.jit,
        external_id_claim=found.external_id_claim,
        addresses_fixed=found.addresses_fixed_at is not None,
    )
    return _settings(found, form)


@sign_in.post("/set-up/sign-in/active/<uuid:connection_id>")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def change(connection_id: UUID) -> Response:
    found, form = _in_use(connection_id), DecidedForm(request.form)
    if not form.validate():
        return _settings(found, form, status=422)
    decided = actions.Decided(
        name=form.name.data or None,
        secret_ends_on=form.secret_ends_on.data,
        jit=Jit(form.jit.data),
        external_id_claim=form.external_id_claim.data or None,
        addresses_fixed=form.addresses_fixed.data if _may_state() else None,
    )
    actions.change_connection(connection=found, decided=decided, now=clock.now())
    flash(_("Saved."), "good")
    return see_other("sign_in.connection")


@sign_in.get("/set-up/sign-in/active/<uuid:connection_id>/end")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def ending(connection_id: UUID) -> Response:
    found, enforced = _in_use(connection_id), is_enforced()
    left = [each.id for each in list_connections_in_use() if each.id != connection_id]
    return render(
        "sign_in/ending.html",
        connection=found,
        provider_names=PROVIDER_NAMES,
        is_last=not left,
        enforced=enforced,
        dry=look_dry(left, leaving=found, links_end=enforced and bool(left)),
    )


@sign_in.post("/set-up/sign-in/active/<uuid:connection_id>/end")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def deactivate(connection_id: UUID) -> Response:
    try:
        actions.deactivate(connection_id=connection_id, now=clock.now())
    except NotActive:
        return page(refused=_("This sign-in is not in use any more."), status=409)
    flash(_("Sign-in by your provider is out of use."))
    return see_other("sign_in.connection")


@sign_in.get("/set-up/sign-in/only-way-in")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def enforcement() -> Response:
    return _enforcement()


@sign_in.post("/set-up/sign-in/only-way-in")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def enforce() -> Response:
    try:
        actions.enforce(now=clock.now())
    except EnforcementRefused:
        return _enforcement(status=409)
    flash(_("Your own sign-in is the only way in now."), "good")
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/only-way-in/end")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def end_enforcement() -> Response:
    actions.end_enforcement(now=clock.now())
    flash(_("Owners, leads and contacts can come in by a link in a mail again."))
    return see_other("sign_in.connection")


def _enforcement(status: int = 200) -> Response:
    staying = [each.id for each in list_connections_in_use() if each.retires_at is None]
    return render(
        "sign_in/enforcement.html",
        enforced=is_enforced(),
        hindrances=list_hindrances(),
        may_enrol=actor().may(Permission.KEEP_RESCUE),
        dry=look_dry(staying, leaving=None, links_end=True),
        status=status,
    )


def _settings(found: Connection, form: DecidedForm, status: int = 200) -> Response:
    return render(
        "sign_in/in_use.html",
        connection=found,
        form=form,
        may_state=_may_state(),
        addresses=addresses_of(found.id),
        provider_names=PROVIDER_NAMES,
        status=status,
    )


def _may_state() -> bool:
    """Only an owner states that people cannot change their own address: on that others may be let in."""
    return Role.OWNER in actor().roles


def _in_use(connection_id: UUID) -> Connection:
    found = get_connection(connection_id)
    if not found.is_in_use:
        raise NotHere(connection_id)
    return found
