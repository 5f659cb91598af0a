"""The set-up step: connect the organisation's provider."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.sign_in import actions
from app.sign_in.errors import NotActive, NothingToTest, NotTested, ProviderError
from app.sign_in.forms import PROVIDER_NAMES, ConnectionForm, ProviderForm
from app.sign_in.models import Connection, ProviderKind
from app.sign_in.queries import find_active_connection, find_draft
from app.sign_in.views.blueprint import redirect_uri, sign_in
from app.sign_in.views.explaining import explain, issuer_hint
from app.web.pages import render, see_other
from tenants.errors import NotHere


@sign_in.get("/set-up/sign-in")
@needs(Permission.MANAGE_SIGN_IN)
def connection() -> Response:
    return page()


@sign_in.post("/set-up/sign-in/drafts")
@needs(Permission.MANAGE_SIGN_IN)
def begin_draft() -> Response:
    form = ProviderForm(request.form)
    if not form.validate():
        return page(provider_form=form, status=422)
    actions.begin_draft(provider=ProviderKind(form.provider.data), now=clock.now())
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/drafts/current")
@needs(Permission.MANAGE_SIGN_IN)
def save_draft() -> Response:
    draft = _draft()
    form = ConnectionForm(request.form)
    form.has_secret = draft.client_secret is not None
    if not form.validate():
        return page(form=form, status=422)
    actions.save_settings(
        connection=draft,
        issuer=form.issuer.data,
        client_id=form.client_id.data,
        client_secret=form.client_secret.data or None,
        now=clock.now(),
    )
    try:
        actions.check_provider(connection=draft)
    except ProviderError as error:
        form.issuer.errors = [*form.issuer.errors, explain(error)]
        return page(form=form, status=422)
    flash(_("Saved. The provider answered as it should."), "good")
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/drafts/current/removal")
@needs(Permission.MANAGE_SIGN_IN)
def remove_draft() -> Response:
    actions.throw_draft_away()
    flash(_("The changes are thrown away."))
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/active")
@needs(Permission.MANAGE_SIGN_IN)
def activate() -> Response:
    try:
        actions.activate(connection=_draft(), now=clock.now())
    except NotTested:
        return page(refused=_("Try it first: nobody has signed in with the settings as they are now."), status=409)
    except NothingToTest:
        return page(refused=_("Some of the settings are still missing."), status=409)
    flash(_("Sign-in is in use. Invited people come in with their work account from now on."), "good")
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/active/<uuid:connection_id>/end")
@needs(Permission.MANAGE_SIGN_IN)
def deactivate(connection_id: UUID) -> Response:
    try:
        actions.deactivate(connection_id=connection_id, now=clock.now())
    except NotActive:
        return page(refused=_("This sign-in is not in use any more."), status=409)
    flash(_("Sign-in by your provider is out of use."))
    return see_other("sign_in.connection")


def page(
    *,
    form: ConnectionForm | None = None,
    provider_form: ProviderForm | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """The step as it stands."""
    draft, active = find_draft(), find_active_connection()
    return render(
        "sign_in/connection.html",
        draft=draft,
        active=active,
        redirect_uri=redirect_uri(draft.id) if draft else "",
        form=form or _form_of(draft),
        provider_form=provider_form or ProviderForm(provider=draft.provider if draft else None),
        provider_names=PROVIDER_NAMES,
        issuer_hint=issuer_hint(draft.provider) if draft else "",
        refused=refused,
        status=status,
    )


def _form_of(draft: Connection | None) -> ConnectionForm | None:
    if draft is None:
        return None
    return ConnectionForm(issuer=draft.issuer, client_id=draft.client_id)


def _draft() -> Connection:
    draft = find_draft()
    if draft is None:
        raise NotHere("nothing is being prepared")
    return draft
