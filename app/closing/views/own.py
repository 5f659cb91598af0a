"""The owners' page: what happens when, the typed name, and calling it off."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.closing.actions.ask import ask_to_close, call_off_here
from app.closing.errors import AlreadyClosing, WrongName
from app.closing.forms import NameForm
from app.closing.queries.notice import find_notice
from app.closing.views.pages import closing
from app.closing.words import say_refusal
from app.web.here import actor, tenant
from app.web.pages import render, see_other


@closing.get("/set-up/closing")
@needs(Permission.CLOSE_ORGANISATION)
def page() -> Response:
    return _page(NameForm())


@closing.post("/set-up/closing")
@needs(Permission.CLOSE_ORGANISATION)
def ask() -> Response:
    form = NameForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        ask_to_close(typed=form.name.data, by=actor(), now=now())
    except WrongName as refusal:
        form.name.errors = [say_refusal(refusal)]
        return _page(form, 422)
    except AlreadyClosing as refusal:
        flash(say_refusal(refusal), "info")
        return see_other("closing.page")
    flash(_("Asked. Nobody but owners is told yet."))
    return see_other("closing.page")


@closing.post("/set-up/closing/call-off")
@needs(Permission.CLOSE_ORGANISATION)
def call_off() -> Response:
    call_off_here(now=now())
    flash(_("Called off. Kamu goes on."))
    return see_other("closing.page")


def _page(form: NameForm, status: int = 200) -> Response:
    notice = find_notice()
    return render(
        "closing/own.html",
        form=form,
        notice=notice,
        slug=tenant().slug,
        name=tenant().name,
        export_url=url_for("export.index"),
        status=status,
    )
