"""The set-up step: read the module as people will see it, say where help is, offer it. Nothing that anybody wrote."""

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.training.actions import offer_training, save_help_contacts
from app.training.errors import NoHelpNamed
from app.training.forms import ContactsForm
from app.training.policies import length_in
from app.training.queries import find_plan, list_help_contacts
from app.training.views.pages import show_all, training
from app.training.words import suggest_contacts
from app.web.here import actor
from app.web.layout import page_language, page_languages
from app.web.pages import render, see_other


@training.get("/set-up/training")
@needs(Permission.ARRANGE_TRAINING)
def plan() -> Response:
    return _page()


@training.get("/set-up/training/module")
@needs(Permission.ARRANGE_TRAINING)
def read_module() -> Response:
    return render(
        "training/module.html",
        parts=show_all(),
        contacts=list_help_contacts(),
        length=length_in(page_language()),
    )


@training.post("/set-up/training/help")
@needs(Permission.ARRANGE_TRAINING)
def save_help() -> Response:
    form = ContactsForm(request.form)
    if not form.validate():
        return _page(form, 422)
    save_help_contacts(form.contacts())
    flash(_("Saved. Everybody sees it on their own pages."))
    return see_other("training.plan")


@training.post("/set-up/training/offer")
@needs(Permission.ARRANGE_TRAINING)
def offer() -> Response:
    try:
        offer_training(by=actor(), now=now())
    except NoHelpNamed:
        flash(_("Say first where help is. One row is enough to begin with."), "care")
    return see_other("training.plan")


def _page(form: ContactsForm | None = None, status: int = 200) -> Response:
    saved = [(contact.name, contact.detail) for contact in list_help_contacts()]
    return render(
        "training/plan.html",
        status=status,
        form=form or ContactsForm(rows=saved or suggest_contacts()),
        has_contacts=bool(saved),
        plan=find_plan(),
        parts=show_all(),
        length=length_in(page_language()),
        lengths=[(name, length_in(code)) for code, name in page_languages()],
    )
