"""One's own file by the link of the one mail after leaving: no sign-in, once."""

from uuid import UUID

from flask_babel import force_locale
from werkzeug.wrappers import Response

from app.access.guard import public
from app.clock import now
from app.links import unseal
from app.rights.actions import use_own_file
from app.rights.errors import FileLinkEnded
from app.rights.queries import get_file_link
from app.rights.views.me import pack
from app.rights.views.pages import rights
from app.web.layout import page_language
from app.web.pages import render
from tenants.errors import NotHere


@rights.get("/own-file/<token>")
@public("Whoever holds the one-use link takes their own things along; they can no longer sign in.")
def own_file(token: str) -> Response:
    link = get_file_link(_id(token))
    if link.used_at or link.has_expired(now()):
        return _ended()
    return render("rights/own_file.html", token=token, ends_at=link.expires_at)


@rights.post("/own-file/<token>")
@public("Whoever holds the one-use link takes their own things along; they can no longer sign in.")
def take_own_file(token: str) -> Response:
    try:
        account = use_own_file(link_id=_id(token), now=now())
    except FileLinkEnded:
        return _ended()
    with force_locale(account.language or page_language()):
        return pack(account)


def _ended() -> Response:
    return render("rights/own_file_ended.html", status=410)


def _id(token: str) -> UUID:
    found = unseal("own-file", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found
