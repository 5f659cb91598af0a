"""The set-up step for seats and billing: what is counted, what it costs, which plan."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.billing.actions import choose_plan as choosing
from app.billing.errors import AlreadySubscribed
from app.billing.forms import PlanForm
from app.billing.models import Plan
from app.billing.views import words
from app.billing.views.state import SeatsPage, read_state
from app.settings import settings
from app.web import here
from app.web.areas import org_pages
from app.web.pages import render, see_other

billing = org_pages("billing", "app.billing")
billing.add_app_template_filter(words.money)
billing.add_app_template_filter(words.short_day)
SECONDS_TO_WAIT = 2


@billing.get("/set-up/seats")
@needs(Permission.SEE_BILLING)
def seats() -> Response:
    return page()


@billing.post("/set-up/seats/plan")
@needs(Permission.CHANGE_PLAN)
def choose_plan() -> Response:
    form = PlanForm(request.form)
    if not form.validate():
        return page(form=form, status=422)
    back = (_address("billing.come_back"), _address("billing.seats"))
    try:
        choosing.choose_plan(plan=Plan(form.plan.data), back=back, by=here.actor(), now=clock.now())
    except AlreadySubscribed:
        flash(_("You have a plan already. Nothing was changed."))
    return see_other("billing.seats")


@billing.get("/set-up/seats/return")
@needs(Permission.CHANGE_PLAN)
def come_back() -> Response:
    choosing.note_return(now=clock.now())
    return see_other("billing.seats")


def page(*, form: PlanForm | None = None, status: int = 200) -> Response:
    """The step as it stands."""
    state = read_state(here.tenant().id, now=clock.now())
    return render(
        "billing/seats.html",
        block="content",
        title=_title(state),
        state=state,
        form=form or PlanForm(plan=state.chosen_plan),
        may_choose=here.actor().may(Permission.CHANGE_PLAN),
        refresh_seconds=SECONDS_TO_WAIT if state.waits else None,
        status=status,
    )


def _title(state: SeatsPage) -> str:
    if state.launched_on is None:
        return str(_("Seats and billing"))
    return str(ngettext("%(num)s seat today", "%(num)s seats today", state.seats))


def _address(endpoint: str) -> str:
    return url_for(endpoint, _external=True, _scheme=settings().scheme)
