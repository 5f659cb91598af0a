"""Where is my organisation's Kamu? The page answers everybody alike; the mail says it."""

from flask import Response, request
from flask_babel import get_locale

from app.access.guard import public
from app.clock import now
from app.domains.actions import ask_where
from app.web.pages import render, see_other
from onboarding.forms import EmailForm
from onboarding.views.areas import sign_up

_ANYBODY = "Anybody may look for their organisation; the answer goes to the mailbox that they name."


@sign_up.get("/find")
@public(_ANYBODY)
def find() -> Response:
    return render("onboarding/find.html", form=EmailForm())


@sign_up.post("/find")
@public(_ANYBODY)
def ask_where_it_is() -> Response:
    form = EmailForm(request.form)
    if not form.validate():
        return render("onboarding/find.html", form=form, status=422)
    locale = get_locale()
    ask_where(email=form.email.data, language=str(locale.language) if locale else "en", now=now())
    return see_other("sign_up.found")


@sign_up.get("/find/sent")
@public(_ANYBODY)
def found() -> Response:
    return render("onboarding/find_sent.html")
