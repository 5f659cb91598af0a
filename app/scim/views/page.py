"""The page about the organisation's own directory: its tokens, what they did last, and the roles that groups give."""

from datetime import datetime
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.pairs.words import moment_in_words
from app.scim import actions
from app.scim.errors import TooManyTokens
from app.scim.forms import NO_ROLE, GroupForm, TokenForm
from app.scim.gateway import list_calls
from app.scim.policies import MOST_LIVE_TOKENS, Lives, TokenState, state_of
from app.scim.queries.groups import get_group, list_groups, preview_mapping
from app.scim.queries.tokens import get_token, list_tokens
from app.scim.views.api import ROOT
from app.scim.words import ROLE_OF_GROUP_NAMES, about_words, method_words, outcome_words
from app.web.areas import org_pages
from app.web.here import actor, tenant
from app.web.pages import render, see_other

provisioning = org_pages("provisioning", "app.scim")


@provisioning.get("/set-up/provisioning")
@needs(Permission.MANAGE_PROVISIONING)
def index() -> Response:
    return _page(TokenForm())


@provisioning.post("/set-up/provisioning/tokens")
@needs(Permission.MANAGE_PROVISIONING)
@fresh
def make_token() -> Response:
    """Show a new token, once: nobody can look it up again."""
    form, account_id = TokenForm(request.form), actor().id
    if not form.validate() or account_id is None:
        return _page(form, status=422)
    try:
        token, secret = actions.make_token(
            label=form.label.data, lives=Lives(form.lives.data), account_id=account_id, now=clock.now()
        )
    except TooManyTokens:
        form.label.errors = [_("Two tokens work already. Revoke the one that is not used any more.")]
        return _page(form, status=422)
    return render("scim/token_made.html", token=token, secret=secret, address=_address())


@provisioning.get("/set-up/provisioning/tokens/<uuid:token_id>")
@needs(Permission.MANAGE_PROVISIONING)
def calls(token_id: UUID) -> Response:
    token = get_token(token_id)
    rows = [
        (
            moment_in_words(datetime.fromisoformat(call.at)),
            method_words(call.method),
            about_words(call.about),
            outcome_words(call.status, call.error),
            call,
        )
        for call in list_calls(tenant().id, token.id)
    ]
    return render("scim/calls.html", token=token, state=state_of(token, clock.now()).value, rows=rows)


@provisioning.post("/set-up/provisioning/tokens/<uuid:token_id>/revocation")
@needs(Permission.MANAGE_PROVISIONING)
@fresh
def revoke_token(token_id: UUID) -> Response:
    token = get_token(token_id)
    actions.revoke_token(token, now=clock.now())
    flash(_("The token %(name)s opens nothing any more.", name=token.label))
    return see_other("provisioning.index")


@provisioning.get("/set-up/provisioning/groups/<uuid:group_id>")
@needs(Permission.MANAGE_ROLES)
def group(group_id: UUID) -> Response:
    """Show what a role for a group would do, before anything is done."""
    found = get_group(group_id)
    form = GroupForm(request.args if "role" in request.args else None, role=found.role or NO_ROLE)
    if "role" in request.args and not form.validate():
        form = GroupForm(role=found.role or NO_ROLE)
    chosen = form.chosen()
    effect = preview_mapping(found, chosen) if (chosen or None) != found.role else None
    return render("scim/group.html", group=found, form=form, effect=effect, role=chosen, names=ROLE_OF_GROUP_NAMES)


@provisioning.post("/set-up/provisioning/groups/<uuid:group_id>")
@needs(Permission.MANAGE_ROLES)
@fresh
def map_group(group_id: UUID) -> Response:
    found, form = get_group(group_id), GroupForm(request.form)
    if not form.validate():
        return see_other("provisioning.group", group_id=found.id)
    actions.map_group(found, role=form.chosen(), now=clock.now())
    flash(_("Saved. Roles follow the group from now on."))
    return see_other("provisioning.index", _anchor="groups")


def _page(form: TokenForm, *, status: int = 200) -> Response:
    at = clock.now()
    tokens = [(token, state_of(token, at).value) for token in list_tokens()]
    live = sum(state == TokenState.LIVE for _token, state in tokens)
    return render(
        "scim/index.html",
        form=form,
        tokens=tokens,
        live=live,
        may_make=live < MOST_LIVE_TOKENS,
        groups=list_groups(),
        names=ROLE_OF_GROUP_NAMES,
        may_map=actor().may(Permission.MANAGE_ROLES),
        address=_address(),
        status=status,
    )


def _address() -> str:
    return request.host_url.rstrip("/") + ROOT
