from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import public
from app.sign_in import actions
from app.sign_in.errors import LinksSwitchedOff
from app.sign_in.forms import EmailForm
from app.sign_in.queries import has_active_connection, is_enforced, list_connections_in_use
from app.sign_in.views.blueprint import home_of, sign_in
from app.sign_in.views.words import Problem, of_link
from app.web.here import actor
from app.web.pages import render, see_other
from app.web.session import browser_nonce


@sign_in.get("/sign-in")
@public("The organisation's door: nobody is signed in yet.")
def door() -> Response:
    if actor().is_signed_in:
        return redirect(home_of(actor()), 303)
    return _door(EmailForm())


@sign_in.post("/sign-in/links")
@public("The organisation's door: nobody is signed in yet.")
def ask_link() -> Response:
    if is_enforced():
        return problem_page(of_link(LinksSwitchedOff()))
    form = EmailForm(request.form)
    if not form.validate():
        return _door(form, status=422)
    actions.ask_login_link(email=form.email.data, browser=browser_nonce(), now=clock.now())
    return see_other("sign_in.link_sent")


@sign_in.get("/sign-in/links")
@public("Says the same to everybody, known or not.")
def link_sent() -> Response:
    return render("sign_in/link_sent.html")


def _door(form: EmailForm, status: int = 200) -> Response:
    # The form's rules answer to everybody alike; whether an address is known shows nowhere.
    connections = list_connections_in_use()
    return render(
        "sign_in/door.html",
        form=form,
        has_provider=bool(connections),
        connections=connections,
        enforced=is_enforced(),
        status=status,
    )


def away_from_here() -> str:
    """Where a change of language leads from a page that cannot be asked for again; keeps codes out of the page."""
    return url_for("sign_in.door")


def problem_page(problem: Problem, *, detail: str = "") -> Response:
    """A page about a sign-in that did not work."""
    return render(
        "sign_in/problem.html",
        problem=problem,
        detail=detail,
        has_provider=has_active_connection(),
        here_path=away_from_here,
        status=problem.status,
    )
