"""What is typed to close an organisation, or to approve that."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired

from app.web.forms import PageForm


class NameForm(PageForm):
    """The address name, typed: nobody closes anything by a slip of the hand."""

    name = StringField(_l("Address name"), [DataRequired(_l("Type the address name."))])


class ApprovalForm(NameForm):
    """The address name, and the answer of a passkey to this page's challenge."""

    challenge = HiddenField()
    credential = HiddenField()
