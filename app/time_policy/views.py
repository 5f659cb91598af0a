"""The set-up step about time, and what the organisation promised as everybody reads it."""

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.time_policy.actions import decide_time
from app.time_policy.forms import TIMES, TimeForm
from app.time_policy.policies import terms_of
from app.time_policy.queries import find_policy
from app.time_policy.words import duration, work_out
from app.web.areas import org_pages
from app.web.here import actor, tenant
from app.web.pages import render, see_other

time_policy = org_pages("time_policy", "app.time_policy")
time_policy.add_app_template_filter(duration)


@time_policy.get("/set-up/time")
@needs(Permission.DECIDE_TIME)
def promise() -> Response:
    return _page(_form())


@time_policy.post("/set-up/time/sums")
@needs(Permission.DECIDE_TIME)
def sums() -> Response:
    """Work out what is chosen and keep nothing."""
    form = _form()
    return _page(form, status=200 if form.validate() else 422)


@time_policy.post("/set-up/time")
@needs(Permission.DECIDE_TIME)
def decide() -> Response:
    form = _form()
    if not form.validate():
        return _page(form, status=422)
    decide_time(form.terms(), by=actor(), now=now())
    flash(_("This is what your organisation promises now."))
    return see_other("time_policy.promise")


@time_policy.get("/time")
@needs(Permission.SEE_WELCOME, Permission.SEE_SET_UP)
def promised() -> Response:
    """What the organisation promised, for everybody in it; who is a Kamu does not come into it."""
    policy = find_policy()
    return render("time_policy/promised.html", organisation=tenant().name, policy=policy, terms=terms_of(policy))


def _form() -> TimeForm:
    times = {name: [(minutes, duration(minutes)) for minutes in offered] for name, offered in TIMES.items()}
    return TimeForm(request.form, obj=terms_of(find_policy()), times=times)


def _page(form: TimeForm, *, status: int = 200) -> Response:
    return render(
        "time_policy/promise.html",
        block="sums",
        status=status,
        form=form,
        sums=work_out(form.terms()) if status == 200 else None,
        policy=find_policy(),
    )
