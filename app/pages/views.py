"""Pages for everybody, on every host."""

from flask import abort, current_app, redirect, request, session
from werkzeug.wrappers import Response

from app.access.actions import choose_language
from app.access.guard import public
from app.access.queries import find_account
from app.pages.forms import ExampleForm, LanguageForm
from app.settings import settings
from app.web.areas import pages_everywhere
from app.web.here import actor
from app.web.pages import render

BLUEPRINTS = (pages := pages_everywhere("pages", __name__),)


@pages.get("/who-can-see-what")
@public("Everybody may know who can see what, before they sign in too.")
def who_sees() -> Response:
    return render("pages/who_sees.html")


@pages.get("/what-still-tells")
@public("Everybody may know what other systems tell about them.")
def still_tells() -> Response:
    return render("pages/still_tells.html")


@pages.get("/accessibility")
@public("The accessibility statement is for everybody.")
def accessibility() -> Response:
    return render("pages/accessibility.html")


@pages.get("/help")
@public("Somebody who cannot sign in needs help most.")
def help() -> Response:  # noqa: A001  the endpoint is called what the page is called
    return render("pages/help.html")


@pages.post("/language")
@public("The language of pages can be chosen before signing in.")
def language() -> Response:
    form = LanguageForm(request.form)
    if not form.validate():
        abort(400)
    chosen = form.language.data
    session["language"] = chosen
    who = actor()
    account = find_account(who.id) if who.kind == "account" and who.id else None
    if account:
        choose_language(account=account, language=chosen)
    return current_app.make_response(redirect(form.way_back, 303))


@pages.get("/components")
@public("Parts and their states with invented data, on a developer's machine only.")
def components() -> Response:
    if not settings().is_local:
        abort(404)
    wrong = ExampleForm(data={"email": "meri", "address": "Meri!", "language": "fi"}, prefix="wrong-")
    wrong.validate()
    return render("pages/components.html", form=ExampleForm(prefix="right-"), wrong=wrong)
