"""What people type on the way: a sign-up, another address name, another mailbox, a launch."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import DateField, EmailField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.web.forms import PageForm
from onboarding.policies import LONGEST, SHORTEST, other_addresses, why_not_an_address
from onboarding.queries.sign_ups import is_address_free

LONGEST_NAME = 80
LONGEST_GREETING = 600


def _lowered(text: str | None) -> str:
    return (text or "").strip().lower()


def why_not(slug: str) -> str | None:
    """Say in a sentence why `slug` cannot be had, or None when it is well-formed and free."""
    fact = why_not_an_address(slug)
    if fact:
        return _sentence(fact, slug)
    return None if is_address_free(slug) else _taken(slug)


def _taken(slug: str) -> str:
    free = next((other for other in other_addresses(slug) if is_address_free(other)), None)
    if free is None:
        return _("%(slug)s has a home here already. Choose another.", slug=slug)
    return _("%(slug)s has a home here already. %(other)s is free.", slug=slug, other=free)


def _sentence(fact: str, slug: str) -> str:
    sentences = {
        "empty": _("Choose an address name."),
        "letters": _("Use the letters a to z, numbers and hyphens only."),
        "encoded": _("An address name cannot begin with xn--."),
        "hyphens": _("Hyphens stand one at a time, between letters or numbers."),
        "short": ngettext("Use at least %(num)s character.", "Use at least %(num)s characters.", SHORTEST),
        "long": ngettext("Use at most %(num)s character.", "Use at most %(num)s characters.", LONGEST),
        "reserved": _("%(slug)s is kept for the service itself. Choose another.", slug=slug),
    }
    return sentences[fact]


class AddressForm(PageForm):
    """An address name that is well-formed and free."""

    slug = StringField(_l("Address name"), filters=[_lowered])

    def validate_slug(self, field: Field) -> None:
        """Refuse with the sentence that fits."""
        refusal = why_not(field.data)
        if refusal:
            raise ValidationError(refusal)


class EmailForm(PageForm):
    """One mailbox. Its domain is not looked up: a name server's mood is no reason to refuse somebody."""

    email = EmailField(_l("Your work e-mail"), [DataRequired(_l("Write your e-mail address."))], filters=[_lowered])

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be an address."""
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized.lower()
        except EmailNotValidError as error:
            raise ValidationError(_("This does not look like an e-mail address. Is a part missing?")) from error


class SignUpForm(AddressForm, EmailForm):
    """A wish for a place."""

    organisation = StringField(
        _l("Name of your organisation"),
        [
            DataRequired(_l("Write the name of your organisation.")),
            Length(max=LONGEST_NAME, message=_l("Use at most 80 characters.")),
        ],
    )


class DayField(DateField):  # type: ignore[misc]
    """A day, with words of our own when it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Choose a day from the calendar.")) from error


class LaunchForm(PageForm):
    """A day, and the organisation's own words."""

    on = DayField(_l("Day of the launch"), [InputRequired(_l("Choose a day."))])
    greeting = TextAreaField(
        _l("Your own words"),
        [Optional(), Length(max=LONGEST_GREETING, message=_l("Use at most 600 characters."))],
    )
