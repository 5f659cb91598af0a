"""The set-up step: connect the organisation's provider, or one more."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.sign_in import actions
from app.sign_in.errors import NotActive, NothingToTest, NotTested, ProviderError
from app.sign_in.forms import ConnectionForm, ProviderForm, RegistrationForm
from app.sign_in.models import Connection, ProviderKind
from app.sign_in.queries import find_draft
from app.sign_in.views.blueprint import addresses_of, sign_in
from app.sign_in.views.explaining import explain
from app.sign_in.views.overview import page
from app.web.pages import see_other
from tenants.errors import NotHere


@sign_in.get("/set-up/sign-in")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def connection() -> Response:
    return page()


@sign_in.post("/set-up/sign-in/drafts")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def begin_draft() -> Response:
    form = ProviderForm(request.form)
    if not form.validate():
        return page(provider_form=form, status=422)
    try:
        actions.begin_draft(
            provider=ProviderKind(form.provider.data), replaces_id=_id(form.replaces.data), now=clock.now()
        )
    except NotActive:
        return page(refused=_("This sign-in is not in use any more."), status=409)
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/drafts/current")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
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
        client_secret=form.client_secret.data,
        secret_ends_on=form.secret_ends_on.data,
        now=clock.now(),
    )
    try:
        actions.check_provider(connection=draft)
    except ProviderError as error:
        form.issuer.errors = [*form.issuer.errors, explain(error)]
        return page(form=form, status=422)
    flash(_("Saved. The provider answered as it should."), "good")
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/drafts/current/registration")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def register() -> Response:
    draft, form = _draft(), RegistrationForm(request.form)
    if not form.validate():
        return page(registration_form=form, status=422)
    try:
        actions.register_at_provider(
            connection=draft,
            issuer=form.issuer.data,
            addresses=addresses_of(draft.id),
            initial_token=form.initial_token.data or "",
            now=clock.now(),
        )
    except ProviderError as error:
        form.issuer.errors = [*form.issuer.errors, explain(error)]
        return page(registration_form=form, status=422)
    flash(_("Kamu has registered itself at your provider."), "good")
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/drafts/current/removal")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def remove_draft() -> Response:
    actions.throw_draft_away()
    flash(_("The changes are thrown away."))
    return see_other("sign_in.connection")


@sign_in.post("/set-up/sign-in/active")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def activate() -> Response:
    draft = _draft()
    try:
        actions.activate(connection=draft, now=clock.now())
    except NotTested:
        return page(refused=_("Try it first: nobody has signed in with the settings as they are now."), status=409)
    except NothingToTest:
        return page(refused=_("Some of the settings are still missing."), status=409)
    said = _("Sign-in is in use. Invited people come in with their work account from now on.")
    if draft.replaces_id:
        said = _("The new sign-in is in use. The one before works for seven days more.")
    flash(said, "good")
    return see_other("sign_in.connection")


def _draft() -> Connection:
    draft = find_draft()
    if draft is None:
        raise NotHere("nothing is being prepared")
    return draft


def _id(text: str | None) -> UUID | None:
    """The id of a hidden field; what is none of ours is not there."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotHere("no id") from error
