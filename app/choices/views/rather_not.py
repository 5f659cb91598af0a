"""The private list of people somebody would rather not be paired with. No name searched for stands in an address."""

from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.actions import add_veto, remove_veto
from app.choices.queries import Colleague, list_own_vetoes, search_colleagues
from app.choices.views.pages import choices
from app.clock import now
from app.web.forms import tidy
from app.web.here import own_person
from app.web.pages import render, see_other
from tenants.errors import NotHere

LONGEST_NAME = 80


@choices.get("/choices/rather-not")
@needs(Permission.TAKE_PART)
def rather_not() -> Response:
    return _page()


@choices.post("/choices/rather-not/search")
@needs(Permission.TAKE_PART)
def search() -> Response:
    """Answer at once rather than by an address: a name searched for here would lie in logs and histories."""
    name = " ".join(tidy(request.form.get("name", "")).split())[:LONGEST_NAME]
    return _page(name, search_colleagues(own_person(), search=name, today=now().date()))


@choices.post("/choices/rather-not")
@needs(Permission.TAKE_PART)
def add() -> Response:
    add_veto(person_id=own_person(), other_id=sent_person(), now=now())
    flash(_("Added to your list. Only you can read it."))
    return see_other("choices.rather_not")


@choices.post("/choices/rather-not/removal")
@needs(Permission.TAKE_PART)
def remove() -> Response:
    remove_veto(person_id=own_person(), other_id=sent_person())
    flash(_("Taken off your list."))
    return see_other("choices.rather_not")


def sent_person() -> UUID:
    """The person whom a form names; raises NotHere for anything else."""
    try:
        return UUID(request.form.get("person", ""))
    except ValueError:
        raise NotHere from None


def _page(name: str = "", found: list[Colleague] | None = None) -> Response:
    return render("choices/rather_not.html", listed=list_own_vetoes(own_person()), name=name, found=found)
