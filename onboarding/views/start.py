"""The start page, and the page that says: look at your mail."""

from uuid import UUID

from flask import Response, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access.guard import public
from app.clock import now
from app.links import seal, unseal
from app.settings import settings
from app.web.pages import render, see_other
from onboarding.actions.ask_for_place import ask_for_place, send_again, use_another_email
from onboarding.errors import AddressTaken, LinkExpired, LinkUsed, TooManyMails
from onboarding.forms import EmailForm, SignUpForm, why_not
from onboarding.models import SignUp
from onboarding.policies import suggest_address
from onboarding.queries.sign_ups import find_sign_up, get_sign_up
from onboarding.steps import STEPS, State
from onboarding.views.areas import sign_up
from tenants.errors import NotHere

_ANYBODY = "Anybody may ask for a place for their organisation."
_LINK = "The sealed link in the address is the only way to this page."


@sign_up.get("/")
@public(_ANYBODY)
def start() -> Response:
    return _start_page(SignUpForm())


@sign_up.post("/address-names")
@public(_ANYBODY)
def address_names() -> Response:
    """Answer the live check: the field with a suggestion, or only the line below it."""
    form = _with_suggestion(SignUpForm(request.form))
    block = "address_check" if request.headers.get("HX-Target", "").endswith("address-check") else "address"
    return _start_page(form, block=block, checked=True)


@sign_up.post("/sign-ups")
@public(_ANYBODY)
def ask() -> Response:
    form = _with_suggestion(SignUpForm(request.form))
    if "check" in request.form:
        return _start_page(form, checked=True)
    if not form.validate():
        return _start_page(form, status=422)
    try:
        wish = ask_for_place(
            organisation=form.organisation.data,
            slug=form.slug.data,
            email=form.email.data,
            language=_language(),
            now=now(),
        )
    except AddressTaken:
        form.slug.errors = [why_not(form.slug.data)]
        return _start_page(form, status=422)
    except TooManyMails:
        form.email.errors = [_("We have written to this address often enough today. Please try again tomorrow.")]
        return _start_page(form, status=429)
    return see_other("sign_up.mail_sent", token=seal("sign-up", wish.id))


def _start_page(form: SignUpForm, *, block: str | None = None, checked: bool = False, status: int = 200) -> Response:
    refusal = why_not(form.slug.data or "") if checked else None
    return render(
        "onboarding/start.html",
        block=block,
        status=status,
        form=form,
        states=[State.LATER.value] * len(STEPS),
        checked=checked and bool(form.slug.data),
        refusal=refusal,
        base_host=settings().base_host,
    )


def _with_suggestion(form: SignUpForm) -> SignUpForm:
    """Fill an empty address name from the organisation's name, for the person to see and change."""
    if not form.slug.data and form.organisation.data:
        form.slug.data = suggest_address(form.organisation.data)
    return form


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "en"


@sign_up.get("/sign-ups/<token>")
@public(_LINK)
def mail_sent(token: str) -> Response:
    wish = find_sign_up(_id(token))
    if wish is None or wish.has_expired(now()):
        return _expired()
    return _mail_page(wish, EmailForm())


@sign_up.post("/sign-ups/<token>/mails")
@public(_LINK)
def send_mail_again(token: str) -> Response:
    wish = _wish(token)
    try:
        send_again(sign_up_id=wish.id, now=now())
    except TooManyMails:
        return _mail_page(wish, EmailForm(), too_many=True, status=429)
    except LinkExpired:
        return _expired()
    except LinkUsed:
        return see_other("sign_up.mail_sent", token=token)
    return see_other("sign_up.mail_sent", token=token, again=1)


@sign_up.post("/sign-ups/<token>/email")
@public(_LINK)
def change_email(token: str) -> Response:
    wish = _wish(token)
    form = EmailForm(request.form)
    if not form.validate():
        return _mail_page(wish, form, status=422)
    try:
        new = use_another_email(sign_up_id=wish.id, email=form.email.data, now=now())
    except TooManyMails:
        return _mail_page(wish, EmailForm(), too_many=True, status=429)
    except LinkExpired:
        return _expired()
    except LinkUsed:
        return see_other("sign_up.mail_sent", token=token)
    return see_other("sign_up.mail_sent", token=seal("sign-up", new.id))


def _mail_page(wish: SignUp, form: EmailForm, *, too_many: bool = False, status: int = 200) -> Response:
    return render(
        "onboarding/mail_sent.html",
        status=status,
        wish=wish,
        token=seal("sign-up", wish.id),
        form=form,
        too_many=too_many,
        again="again" in request.args,
        host=settings().organisation_host(wish.slug),
    )


def _wish(token: str) -> SignUp:
    return get_sign_up(_id(token))


def _id(token: str) -> UUID:
    found = unseal("sign-up", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found


def _expired() -> Response:
    return render("onboarding/link_expired.html", status=410)
