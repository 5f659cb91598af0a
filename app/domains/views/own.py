from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.domains import actions
from app.domains.errors import DomainThere, NoAnswer, TooManyDomains
from app.domains.forms import DomainForm
from app.domains.policies import MISSING_FOR, DomainState, record_names, record_value, state_of
from app.domains.queries import get_domain, list_domains
from app.sign_in.forms import PROVIDER_NAMES
from app.sign_in.models import Connection, ProviderKind
from app.sign_in.queries import list_connections_in_use
from app.web.areas import org_pages
from app.web.pages import render, see_other
from tenants.errors import NotHere

domains = org_pages("domains", "app.domains")


@domains.get("/set-up/domains")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def index() -> Response:
    return _page(DomainForm())


@domains.post("/set-up/domains")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def add() -> Response:
    form = DomainForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        domain = actions.add_domain(name=form.name.data, now=clock.now())
    except DomainThere:
        form.name.errors = [_("This domain is in the list already.")]
        return _page(form, status=422)
    except TooManyDomains:
        form.name.errors = [_("More than fifty domains are too many here. Remove one first, or write to us.")]
        return _page(form, status=422)
    flash(_("%(name)s is in the list. Now it needs its DNS record.", name=domain.name))
    return see_other("domains.index", _anchor=f"d-{domain.id}")


@domains.post("/set-up/domains/<uuid:domain_id>/check")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def check(domain_id: UUID) -> Response:
    domain = get_domain(domain_id)
    try:
        found = actions.check_domain(domain=domain, now=clock.now())
    except NoAnswer:
        flash(_("The name servers did not answer. Nothing has changed; try again in a minute."), "care")
    else:
        flash(_outcome(found, domain.name), "good" if found is DomainState.VERIFIED else "care")
    return see_other("domains.index", _anchor=f"d-{domain.id}")


@domains.post("/set-up/domains/<uuid:domain_id>/connection")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def bind(domain_id: UUID) -> Response:
    in_use = {str(each.id): each for each in list_connections_in_use()}
    wanted = request.form.get("connection", "")
    if wanted and wanted not in in_use:
        raise NotHere(wanted)
    actions.bind_domain(domain_id=domain_id, connection_id=in_use[wanted].id if wanted else None)
    flash(_("Saved."))
    return see_other("domains.index", _anchor=f"d-{domain_id}")


@domains.post("/set-up/domains/<uuid:domain_id>/removal")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def remove(domain_id: UUID) -> Response:
    flash(_("%(name)s is out of the list.", name=actions.remove_domain(domain_id=domain_id)))
    return see_other("domains.index")


def _outcome(found: DomainState, name: str) -> str:
    if found is DomainState.VERIFIED:
        return _("The record is there: %(name)s is yours.", name=name)
    return _("The record is not there yet. New records take from minutes to a day; Kamu looks again by itself.")


def _page(form: DomainForm, *, status: int = 200) -> Response:
    listed, connections = list_domains(), list_connections_in_use()
    waiting = (each.id for each in listed if state_of(each) is DomainState.WAITING)
    return render(
        "domains/index.html",
        form=form,
        listed=listed,
        next_id=next(waiting, None),
        state_of=state_of,
        record_names=record_names,
        record_value=record_value,
        until={each.id: each.lost_at + MISSING_FOR for each in listed if each.lost_at},
        names_of={each.id: _name_of(each) for each in connections},
        status=status,
    )


def _name_of(connection: Connection) -> str:
    return connection.name or str(PROVIDER_NAMES[ProviderKind(connection.provider)])
