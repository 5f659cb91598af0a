"""The confirmation link: a button, then the place being built, then the way in."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from flask import Response, request, url_for

from app.access.guard import public
from app.clock import now
from app.links import seal, unseal
from app.settings import settings
from app.web.pages import render, see_other
from app.web.session import browser_nonce
from onboarding.actions.ask_for_place import confirm
from onboarding.errors import AddressTaken, LinkExpired, LinkUsed
from onboarding.forms import AddressForm, why_not
from onboarding.models import ASKED, OPEN, SignUp
from onboarding.policies import other_addresses
from onboarding.queries.sign_ups import find_sign_up, is_address_free
from onboarding.views.areas import sign_up
from tenants.errors import NotHere

_LINK = "The link in the mail is the only way to this page."
HANDOVER_LIVES = timedelta(minutes=14)


@sign_up.get("/confirmations/<token>")
@public(_LINK)
def confirmation(token: str) -> Response:
    wish = find_sign_up(_id(token))
    if wish is None or wish.has_expired(now()):
        return render("onboarding/link_expired.html", status=410)
    if wish.state == ASKED:
        return _ask(wish, token)
    if not _is_here(wish):
        return render("onboarding/link_used.html", wish=wish, token=token, door=_door(wish))
    return _chain(wish, token)


@sign_up.post("/confirmations/<token>")
@public(_LINK)
def confirm_place(token: str) -> Response:
    form = AddressForm(request.form) if "slug" in request.form else None
    wish = find_sign_up(_id(token))
    if wish and form and not form.validate():
        return _another_address(wish, token, form, status=422)
    try:
        confirm(sign_up_id=_id(token), browser=_browser(), now=now(), slug=form.slug.data if form else None)
    except LinkExpired:
        return render("onboarding/link_expired.html", status=410)
    except AddressTaken:
        if wish is None:
            raise
        return _another_address(wish, token, form or AddressForm(), status=409)
    except LinkUsed:
        pass
    return see_other("sign_up.confirmation", token=token)


def _ask(wish: SignUp, token: str) -> Response:
    if not is_address_free(wish.slug):
        return _another_address(wish, token, AddressForm())
    browser_nonce()  # kept before the button is pressed: should the answer get lost, this browser still gets the way in
    return render("onboarding/confirm.html", wish=wish, token=token, host=settings().organisation_host(wish.slug))


def _another_address(wish: SignUp, token: str, form: AddressForm, *, status: int = 200) -> Response:
    """The wished name went to somebody else: say so, and offer the nearest free one."""
    if not form.slug.data:
        form.slug.data = next((other for other in other_addresses(wish.slug) if is_address_free(other)), "")
    elif not form.slug.errors:
        form.slug.errors = [refusal] if (refusal := why_not(form.slug.data)) else []
    return render(
        "onboarding/another_address.html",
        status=status,
        wish=wish,
        token=token,
        form=form,
        host=settings().organisation_host(wish.slug),
        base_host=settings().base_host,
    )


def _chain(wish: SignUp, token: str) -> Response:
    fresh = wish.state == OPEN and now() < wish.moved_at + HANDOVER_LIVES and wish.login_link_id
    way_in = None
    if fresh and wish.login_link_id:
        seat = seal("login-link", wish.login_link_id)
        way_in = url_for("sign_in.link", organisation=wish.slug, token=seat, _external=True)
    return render(
        "onboarding/chain.html",
        block="chain",
        wish=wish,
        token=token,
        way_in=way_in,
        door=_door(wish),
        host=settings().organisation_host(wish.slug),
        refresh_seconds=None if wish.state == OPEN else 2,
    )


def _door(wish: SignUp) -> str | None:
    if wish.state != OPEN:
        return None
    return url_for("sign_in.door", organisation=wish.slug, _external=True)


def _browser() -> str:
    return hashlib.sha256(browser_nonce().encode()).hexdigest()


def _is_here(wish: SignUp) -> bool:
    """Whether this is the browser that pressed the button: only there a login link is shown."""
    return hmac.compare_digest(wish.confirmed_in or "", _browser())


def _id(token: str) -> UUID:
    found = unseal("confirmation", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found
