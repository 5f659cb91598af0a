"""The directory, and one person of it by hand."""

from typing import Final
from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.people import actions, queries
from app.people.errors import EmailIsTaken, NumberIsTaken, PersonIsInUse, PersonIsProvisioned, SupervisorGoesRound
from app.people.forms import PersonForm, person_form
from app.people.models import Person
from app.people.views.pages import people
from app.people.views.words import language_choices
from app.web.forms import tidy
from app.web.here import actor
from app.web.pages import render, see_other
from tenants.errors import NotHere

A_PAGE: Final = 50
_REFUSALS: Final = (EmailIsTaken, NumberIsTaken, SupervisorGoesRound, NotHere)


@people.get("/people")
@needs(Permission.SEE_DIRECTORY)
def index() -> Response:
    search = " ".join(tidy(request.args.get("search", "")).split())[:100]
    start = max(0, min(request.args.get("start", 0, int), 10**6))
    page = queries.list_people(search=search, start=start, most=A_PAGE)
    return render(
        "people/index.html",
        block="people_list",
        page=page,
        search=search,
        everybody=queries.count_people(),
        supervisors=queries.list_names(person.supervisor_id for person in page.people),
        imports=[each for each in queries.list_imports() if each.state in {"uploaded", "checked", "queued", "failed"}],
        can_change=actor().may(Permission.IMPORT_PEOPLE),
        keeps_leavers=actor().may(Permission.MANAGE_PROVISIONING),
        today=now().date(),
        step=A_PAGE,
    )


@people.get("/people/new")
@needs(Permission.IMPORT_PEOPLE)
def new_person() -> Response:
    return _person_page(_form(None), None)


@people.post("/people")
@needs(Permission.IMPORT_PEOPLE)
def add_person() -> Response:
    form = _form(None)
    if form.validate():
        try:
            person = actions.add_person(values=form.values(_supervisor(form)), now=now())
        except _REFUSALS as error:
            form.add_refusal(error)
        else:
            flash(_("%(name)s is in the directory.", name=person.name))
            return see_other("people.index")
    return _person_page(form, None, 422)


@people.get("/people/<uuid:person_id>")
@needs(Permission.IMPORT_PEOPLE)
def person(person_id: UUID) -> Response:
    found = queries.get_listed(person_id)
    return _person_page(_form(found), found)


@people.post("/people/<uuid:person_id>")
@needs(Permission.IMPORT_PEOPLE)
def change_person(person_id: UUID) -> Response:
    found = queries.get_listed(person_id)
    form = _form(found)
    if form.validate():
        try:
            kept = actions.change_person(found, values=form.values(_supervisor(form)), now=now())
        except _REFUSALS as error:
            form.add_refusal(error)
        else:
            flash(_("Saved what you changed about %(name)s.", name=found.name))
            if kept:
                flash(
                    ngettext(
                        "%(num)s value stays as your own directory has it.",
                        "%(num)s values stay as your own directory has them.",
                        kept,
                    )
                )
            return see_other("people.index")
    return _person_page(form, found, 422)


@people.post("/people/<uuid:person_id>/removal")
@needs(Permission.IMPORT_PEOPLE)
def remove_person(person_id: UUID) -> Response:
    found = queries.get_listed(person_id)
    try:
        actions.remove_person(found)
    except PersonIsProvisioned:
        flash(_("Your own directory keeps %(name)s. Take them out there.", name=found.name), "care")
        return see_other("people.person", person_id=found.id)
    except PersonIsInUse:
        flash(_("%(name)s was invited or has come in already. Give them a last day instead.", name=found.name), "care")
        return see_other("people.person", person_id=found.id)
    flash(_("%(name)s is no longer in the directory.", name=found.name))
    return see_other("people.index")


def _form(found: Person | None) -> PersonForm:
    choices = language_choices(_("Not known: ask in the first message"))
    supervisor = queries.find_person(found.supervisor_id) if found and found.supervisor_id else None
    form = person_form(
        request.form if request.method == "POST" else None, choices, found, supervisor.email if supervisor else ""
    )
    if found:
        form.keep(found, supervisor.email if supervisor else "")
    return form


def _supervisor(form: PersonForm) -> UUID | None:
    """Find whom the supervisor's address means; raises NotHere."""
    if not form.supervisor.data:
        return None
    found = queries.find_person_by_email(form.supervisor.data)
    if found is None:
        raise NotHere
    return found.id


def _person_page(form: PersonForm, found: Person | None, status: int = 200) -> Response:
    in_use = bool(found and queries.list_in_use([found.id]))
    return render("people/person.html", status=status, form=form, person=found, in_use=in_use)
