from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.domains.errors import NotADomain
from app.domains.policies import LONGEST, read_domain
from app.web.forms import PageForm


class DomainForm(PageForm):
    """A domain that somebody says is theirs."""

    name = StringField(
        _l("Domain"), [InputRequired(_l("Type the domain of your work addresses.")), Length(max=LONGEST)]
    )

    def validate_name(self, field: StringField) -> None:
        """Say what is wrong with a name that no organisation can have."""
        try:
            field.data = read_domain(str(field.data))
        except NotADomain as error:
            raise ValidationError(why_not(error)) from error


def why_not(error: NotADomain) -> str:
    """Say in a sentence why something is not a domain of an organisation's own."""
    sentences = {
        "form": _("This does not look like a domain. Type what stands behind the @ of your work addresses."),
        "dot": _("A domain has a dot, as in example.com."),
        "free-mail": _("Anybody can get an address there, so it says nothing of where somebody works."),
        "suffix": _("Many organisations have names under this one. Type your own below it."),
    }
    return sentences[error.fact]
