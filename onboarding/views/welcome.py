"""What somebody sees who has been invited and has just come in."""

from flask import Response

from app.access.guard import needs, public
from app.access.permissions import Permission
from app.web.here import actor, tenant
from app.web.pages import render, see_other
from onboarding.views.areas import onboarding


@onboarding.get("/")
@public("It only leads on: to the set-up, to the welcome, or to the door.")
def door_step() -> Response:
    who = actor()
    if who.may(Permission.SEE_SET_UP):
        return see_other("onboarding.home")
    return see_other("onboarding.welcome" if who.may(Permission.SEE_WELCOME) else "sign_in.door")


@onboarding.get("/welcome")
@needs(Permission.SEE_WELCOME)
def welcome() -> Response:
    return render("onboarding/welcome.html", organisation=tenant().name, name=actor().name)


@onboarding.post("/not-now")
@needs(Permission.SEE_WELCOME)
def say_not_now() -> Response:
    """Store nothing: whoever says it leaves no mark, and looks like everybody else."""
    return see_other("onboarding.not_now")


@onboarding.get("/not-now")
@needs(Permission.SEE_WELCOME)
def not_now() -> Response:
    return render("onboarding/not_now.html", organisation=tenant().name)
