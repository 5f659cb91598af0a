"""Those whom nobody invited: the page they see while they wait, and the pages of those who decide."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.errors import AccountExists
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.people.errors import EmailIsTaken
from app.people.policies import is_away
from app.people.queries import find_person_by_email
from app.sign_in import actions
from app.sign_in.errors import PersonIsAway
from app.sign_in.forms import ArrivalForm
from app.sign_in.models import Identity
from app.sign_in.queries import count_arrivals, get_arrival, list_arrivals, list_likely_people
from app.sign_in.views.blueprint import sign_in
from app.web.forms import tidy
from app.web.pages import render, see_other

AT_ONCE = 50


def asked_page() -> Response:
    """Their request is noted; nothing more is to be done."""
    runners = list_accounts_with(Role.PROGRAMME_LEAD) or list_accounts_with(Role.OWNER)
    return render("sign_in/asked.html", runner=runners[0].name if runners else None)


@sign_in.get("/set-up/arrivals")
@needs(Permission.LET_IN)
def arrivals() -> Response:
    return render(
        "sign_in/arrivals.html",
        waiting=list_arrivals(refused=False, most=AT_ONCE),
        total=count_arrivals(),
        refused=list_arrivals(refused=True, most=AT_ONCE),
    )


@sign_in.get("/set-up/arrivals/<uuid:identity_id>")
@needs(Permission.LET_IN)
def arrival(identity_id: UUID) -> Response:
    return _page(get_arrival(identity_id))


@sign_in.post("/set-up/arrivals/<uuid:identity_id>/person")
@needs(Permission.LET_IN)
@fresh
def let_in(identity_id: UUID) -> Response:
    """Let them in as the person of the directory whom the form names."""
    try:
        person_id = UUID(request.form.get("person", ""))
    except ValueError:
        return _page(get_arrival(identity_id), refused=_("Choose who they are first."), status=422)
    try:
        name = actions.let_in_as(identity_id=identity_id, person_id=person_id, now=clock.now())
    except PersonIsAway:
        refused = _("The directory says that this person has left, or has no access for now.")
        return _page(get_arrival(identity_id), refused=refused, status=409)
    except AccountExists:
        return _page(get_arrival(identity_id), refused=_role_there(), status=409)
    flash(_("Decided: this is %(name)s. If nobody comes in as them yet, the next sign-in opens.", name=name))
    return see_other("sign_in.arrivals")


@sign_in.post("/set-up/arrivals/<uuid:identity_id>/newcomer")
@needs(Permission.LET_IN)
@fresh
def let_in_newcomer(identity_id: UUID) -> Response:
    """Write them into the directory and let them in."""
    asking, form = get_arrival(identity_id), ArrivalForm(request.form)
    if not form.validate():
        return _page(asking, form=form, status=422)
    try:
        name = actions.let_in_as_new(
            identity_id=identity_id,
            given_name=form.given_name.data,
            family_name=form.family_name.data or "",
            email=form.email.data,
            now=clock.now(),
        )
    except EmailIsTaken:
        form.email.errors = [_taken(form.email.data)]
        return _page(asking, form=form, status=422)
    except AccountExists:
        form.email.errors = [_role_there()]
        return _page(asking, form=form, status=422)
    flash(_("%(name)s is in the directory, and comes in at their next sign-in.", name=name))
    return see_other("sign_in.arrivals")


@sign_in.post("/set-up/arrivals/<uuid:identity_id>/refusal")
@needs(Permission.LET_IN)
@fresh
def refuse_arrival(identity_id: UUID) -> Response:
    actions.refuse_arrival(identity_id=identity_id, now=clock.now())
    flash(_("Decided: they do not come in. You can change that here."))
    return see_other("sign_in.arrivals")


def _page(asking: Identity, *, form: ArrivalForm | None = None, refused: str = "", status: int = 200) -> Response:
    search = " ".join(tidy(request.args.get("search", asking.claimed_name or "")).split())[:100]
    likely = list_likely_people(asking, search)
    today = clock.now().date()
    return render(
        "sign_in/arrival.html",
        block="likely",
        asking=asking,
        form=form or _form_of(asking),
        search=search,
        likely=[(each, each.email == (asking.claimed_email or "").lower(), is_away(each, today)) for each in likely],
        refused=refused,
        status=status,
    )


def _form_of(asking: Identity) -> ArrivalForm:
    given, _space, family = (asking.claimed_name or "").partition(" ")
    return ArrivalForm(given_name=given, family_name=family, email=asking.claimed_email)


def _taken(email: str) -> str:
    person = find_person_by_email(email)
    name = person.name if person else email
    return _("%(name)s has this address in the directory. Choose them above if that is who asks.", name=name)


def _role_there() -> str:
    return _("This address belongs to somebody who holds a role here. Let them come in as before, or invite them.")
