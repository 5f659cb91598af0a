"""The page of the sign-in: what is in use, whether it is the only way in, and what is being prepared."""

from collections.abc import Sequence
from uuid import UUID

from werkzeug.wrappers import Response

from app import clock
from app.access.permissions import Permission
from app.sign_in.forms import PROVIDER_NAMES, ConnectionForm, ProviderForm, RegistrationForm
from app.sign_in.models import Connection
from app.sign_in.queries import find_draft, is_enforced, list_connections_in_use
from app.sign_in.queries.connections import list_ending_secrets
from app.sign_in.queries.dry_run import DryRun, run_dry
from app.sign_in.views.around import list_around
from app.sign_in.views.blueprint import addresses_of
from app.sign_in.views.explaining import issuer_hint
from app.web.here import actor
from app.web.pages import render


def page(
    *,
    form: ConnectionForm | None = None,
    provider_form: ProviderForm | None = None,
    registration_form: RegistrationForm | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """The step as it stands."""
    draft, in_use, enforced = find_draft(), list_connections_in_use(), is_enforced()
    replaced = next((each for each in in_use if draft and each.id == draft.replaces_id), None)
    return render(
        "sign_in/connection.html",
        draft=draft,
        in_use=in_use,
        replaced=replaced,
        enforced=enforced,
        ending=list_ending_secrets(clock.now().date()),
        dry=look_ahead(draft, in_use, enforced=enforced),
        addresses=addresses_of(draft.id) if draft else None,
        form=form or _form_of(draft),
        provider_form=provider_form or ProviderForm(provider=draft.provider if draft else None),
        registration_form=registration_form or RegistrationForm(issuer=draft.issuer if draft else None),
        provider_names=PROVIDER_NAMES,
        issuer_hint=issuer_hint(draft.provider) if draft else "",
        around=list_around(in_use),
        may_see_set_up=actor().may(Permission.SEE_SET_UP),
        refused=refused,
        status=status,
    )


def look_dry(left: Sequence[UUID], *, leaving: Connection | None, links_end: bool) -> DryRun:
    """Who would be without a way in, with names for whoever may see the directory."""
    may_name = actor().may(Permission.SEE_DIRECTORY)
    return run_dry(left=left, leaving=leaving, links_end=links_end, may_name=may_name, now=clock.now())


def look_ahead(draft: Connection | None, in_use: Sequence[Connection], *, enforced: bool) -> DryRun | None:
    """Who would be without a way in once the draft is in use and the one it replaces has gone."""
    if draft is None or draft.tested_at is None:
        return None
    replaced = next((each for each in in_use if each.id == draft.replaces_id), None)
    if replaced is None and not enforced:
        return None
    same = replaced and (replaced.issuer, replaced.client_id) == (draft.issuer, draft.client_id)
    # People of the same registration are known again, so nobody of them is left behind.
    left = [draft.id, *(each.id for each in in_use if same or each is not replaced)]
    return look_dry(left, leaving=None if same else replaced, links_end=enforced)


def _form_of(draft: Connection | None) -> ConnectionForm | None:
    if draft is None:
        return None
    return ConnectionForm(issuer=draft.issuer, client_id=draft.client_id, secret_ends_on=draft.secret_ends_on)
