"""See what is kept and where it came from, correct one's own, take it along as one file."""

import io
import json
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.models import Account
from app.access.permissions import Permission
from app.access.queries import find_account
from app.clock import now
from app.rights.actions import correct_own
from app.rights.forms import OwnForm
from app.rights.queries import collect, get_in_directory, list_facts, list_who_can_change, read_kept
from app.rights.views.pages import rights
from app.rights.words import describe_facts, name_unknown, write_text
from app.web.here import actor, own_person, tenant
from app.web.layout import page_language
from app.web.pages import render, see_other
from tenants.errors import NotHere


@rights.get("/me")
@needs(Permission.KEEP_OWN_RECORDS)
def me() -> Response:
    return _page()


@rights.post("/me")
@needs(Permission.KEEP_OWN_RECORDS)
def correct() -> Response:
    form = OwnForm(request.form)
    if not form.validate():
        return _page(form, 422)
    correct_own(account=own_account(), name=form.name.data, language=form.language.data)
    session["language"] = form.language.data
    flash(_("Saved."))
    return see_other("rights.me")


@rights.get("/me/file")
@needs(Permission.KEEP_OWN_RECORDS)
def take_along() -> Response:
    """Everything in one file: for reading, and for another program."""
    return pack(own_account())


def pack(account: Account) -> Response:
    """Answer everything that is kept about the person of an account, as a download."""
    if account.person_id is None:
        raise NotHere(account.id)
    own = {"organisation": tenant().name, **collect(account.person_id, account.id, now=now())}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("kamu.txt", write_text(own))
        packed.writestr("kamu.json", json.dumps(own, default=_in_iso, ensure_ascii=False, indent=2))
    answer = Response(held.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="kamu-{tenant().slug}-{now():%Y-%m-%d}.zip"'
    return answer


def _in_iso(value: date | UUID) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def own_account() -> Account:
    """Return the account that acts; raises NotHere."""
    who = actor()
    account = find_account(who.id) if who.id else None
    if account is None:
        raise NotHere(who.id)
    return account


def _page(form: OwnForm | None = None, status: int = 200) -> Response:
    account, facts = own_account(), list_facts(get_in_directory(own_person()))
    own: dict[str, Any] = {"name": account.name, "language": account.language or page_language()}
    return render(
        "rights/me.html",
        status=status,
        form=form or OwnForm(data=own),
        account=account,
        facts=describe_facts(facts),
        unknown=name_unknown(facts),
        changers=list_who_can_change(),
        kept=read_kept(own_person()),
    )
