"""How long those who have left stay in the directory."""

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.people.actions import keep_leavers
from app.people.forms import LeaversForm
from app.people.queries import count_leavers, read_leaver_days
from app.people.views.pages import people
from app.web.pages import render, see_other


@people.get("/people/leavers")
@needs(Permission.MANAGE_PROVISIONING)
def leavers() -> Response:
    return _page(LeaversForm(None, leaver_days=read_leaver_days()))


@people.post("/people/leavers")
@needs(Permission.MANAGE_PROVISIONING)
def decide_leavers() -> Response:
    form = LeaversForm(request.form)
    if not form.validate():
        return _page(form, 422)
    keep_leavers(days=form.leaver_days.data, now=now())
    flash(
        ngettext(
            "Saved. Whoever leaves is forgotten %(num)s day later.",
            "Saved. Whoever leaves is forgotten %(num)s days later.",
            form.leaver_days.data,
        )
    )
    return see_other("people.leavers")


def _page(form: LeaversForm, status: int = 200) -> Response:
    kept = count_leavers(now().date())
    note = ngettext("%(num)s person has left and is kept now.", "%(num)s people have left and are kept now.", kept)
    return render("people/leavers.html", status=status, form=form, note=note if kept else _("Nobody has left so far."))
