"""A private address for after one's last day: left, changed, taken away."""

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.rights.actions import drop_address, keep_address
from app.rights.forms import AddressForm
from app.rights.queries import find_private_address
from app.rights.views.me import own_account
from app.rights.views.pages import rights
from app.web.pages import render, see_other


@rights.get("/me/after-leaving")
@needs(Permission.KEEP_OWN_RECORDS)
def after_leaving() -> Response:
    kept = find_private_address(own_account())
    return render("rights/after_leaving.html", form=AddressForm(None, private_address=kept), kept=kept)


@rights.post("/me/after-leaving")
@needs(Permission.KEEP_OWN_RECORDS)
def leave_address() -> Response:
    form = AddressForm(request.form)
    if not form.validate():
        kept = find_private_address(own_account())
        return render("rights/after_leaving.html", status=422, form=form, kept=kept)
    keep_address(account=own_account(), address=form.private_address.data)
    flash(_("Kept, sealed. It is used once, after your last day."))
    return see_other("rights.after_leaving")


@rights.post("/me/after-leaving/removal")
@needs(Permission.KEEP_OWN_RECORDS)
def remove_address() -> Response:
    drop_address(account=own_account())
    flash(_("The address is gone."))
    return see_other("rights.after_leaving")
