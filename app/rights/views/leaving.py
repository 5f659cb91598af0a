"""Shredding and leaving: each on a page that names what is lost, and nothing is asked."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs, public
from app.access.permissions import Permission
from app.clock import now
from app.rights.actions import leave_kamu, shred_own_words
from app.rights.queries import read_kept
from app.rights.views.pages import rights
from app.web.here import own_person, tenant
from app.web.pages import render, see_other
from app.web.session import end_session


@rights.get("/me/shred")
@needs(Permission.KEEP_OWN_RECORDS)
def confirm_shred() -> Response:
    return render("rights/shred.html", kept=read_kept(own_person()))


@rights.post("/me/shred")
@needs(Permission.KEEP_OWN_RECORDS)
def shred() -> Response:
    shred_own_words(person_id=own_person())
    flash(_("Shredded. What you wrote is gone for good."))
    return see_other("rights.me")


@rights.get("/me/leave")
@needs(Permission.KEEP_OWN_RECORDS)
def confirm_leave() -> Response:
    return render("rights/leave.html", kept=read_kept(own_person()))


@rights.post("/me/leave")
@needs(Permission.KEEP_OWN_RECORDS)
def leave() -> Response:
    leave_kamu(person_id=own_person(), now=now())
    end_session()
    return see_other("rights.left")


@rights.get("/left")
@public("Whoever has just left is nobody here any more.")
def left() -> Response:
    return render("rights/left.html", organisation=tenant().name)
