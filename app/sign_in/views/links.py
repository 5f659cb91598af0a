from uuid import UUID

from flask import redirect, session
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import public
from app.access.queries import find_actor
from app.links import unseal
from app.sign_in import actions
from app.sign_in.errors import LinkError
from app.sign_in.views.blueprint import home_of, local_path, sign_in
from app.sign_in.views.door import problem_page
from app.sign_in.views.words import of_link
from app.web.here import actor
from app.web.pages import render
from app.web.session import browser_nonce, start_account_session
from tenants.errors import NotHere


@sign_in.get("/sign-in/links/<token>")
@public("Whoever holds the one-use link is about to sign in.")
def link(token: str) -> Response:
    try:
        actions.check_login_link(link_id=_id(token), browser=browser_nonce(), now=clock.now(), inside=_inside())
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    return render("sign_in/link.html", token=token)


@sign_in.post("/sign-in/links/<token>")
@public("Whoever holds the one-use link is about to sign in.")
def open_link(token: str) -> Response:
    try:
        account_id = actions.open_login_link(
            link_id=_id(token), browser=browser_nonce(), now=clock.now(), inside=_inside()
        )
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    wanted = local_path(session.get("next"))
    start_account_session(account_id, method="link")
    who = find_actor(account_id)
    return redirect(wanted or (home_of(who) if who else "/"), 303)


def _inside() -> UUID | None:
    """Who is in already, and may confirm it by a link; a rescue is confirmed by nothing else."""
    return None if session.get("method") == "rescue" else actor().id


def _does_not_open(error: Exception) -> Response:
    return problem_page(of_link(error if isinstance(error, LinkError) else None))


def _id(token: str) -> UUID:
    found = unseal("login-link", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found
