"""What somebody sees who has been invited and has just come in."""

from flask import Response

from app.access.guard import needs, public
from app.access.permissions import Permission
from app.choices.forms import want_form
from app.choices.queries import find_participation
from app.choices.words import describe_wants
from app.disclosure.queries import find_launched_on
from app.pairs.queries import list_pairs_of
from app.time_policy.policies import terms_of
from app.time_policy.queries import find_policy
from app.time_policy.words import duration
from app.web.here import actor, own_person, tenant
from app.web.pages import render, see_other
from onboarding.views.areas import onboarding


@onboarding.get("/")
@public("It only leads on: to the figures, the set-up, today, the welcome, or the door.")
def door_step() -> Response:
    who = actor()
    if who.may(Permission.SEE_FIGURES) and find_launched_on():
        return see_other("disclosure.figures")
    if who.may(Permission.SEE_SET_UP):
        return see_other("onboarding.home")
    if not who.may(Permission.SEE_WELCOME):
        return see_other("sign_in.door")
    me = own_person()
    has_begun = find_participation(me) is not None or any(pair.lasts for pair in list_pairs_of(me))
    return see_other("today.today" if has_begun else "onboarding.welcome")


@onboarding.get("/welcome")
@needs(Permission.SEE_WELCOME)
def welcome() -> Response:
    policy = find_policy()
    return render(
        "onboarding/welcome.html",
        organisation=tenant().name,
        name=actor().name,
        form=want_form(find_participation(own_person())),
        notes=describe_wants(terms_of(policy).places),
        promise=duration(policy.kaveri_minutes) if policy else None,
    )


@onboarding.get("/not-now")
@needs(Permission.SEE_WELCOME)
def not_now() -> Response:
    return render("onboarding/not_now.html", organisation=tenant().name)
