from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, EmailField, HiddenField, PasswordField, RadioField, StringField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp, ValidationError

from app.outbound import AddressRefused, read_target
from app.settings import settings
from app.sign_in.models import Jit, ProviderKind
from app.web.forms import PageForm

WELL_KNOWN = "/.well-known/openid-configuration"
LONGEST = 2000
EDITABLE_CLAIMS = {
    *("email", "preferred_username", "upn", "name", "nickname", "given_name", "family_name", "phone_number"),
    *("unique_name", "picture", "profile", "locale", "address"),
}
PROVIDER_NAMES = {
    ProviderKind.ENTRA: "Microsoft Entra ID",
    ProviderKind.OKTA: "Okta",
    ProviderKind.GOOGLE: "Google Workspace",
    ProviderKind.KEYCLOAK: "Keycloak",
    ProviderKind.JUMPCLOUD: "JumpCloud",
    ProviderKind.OTHER: _l("Another one that speaks OpenID Connect"),
}


class EmailForm(PageForm):
    """Whom a sign-in link is for."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Type the address you were invited with.")), Email(_l("That is not an e-mail address."))],
    )


class ProviderForm(PageForm):
    """Which provider the organisation signs in with."""

    provider = RadioField(
        _l("What do your people sign in with?"),
        choices=[SelectChoice(kind.value, name) for kind, name in PROVIDER_NAMES.items()],
        validators=[InputRequired(_l("Choose one; the last line fits all others."))],
    )
    replaces = HiddenField()


class IssuerForm(PageForm):
    """Which provider: its issuer's address."""

    issuer = URLField(_l("Issuer"), [InputRequired(_l("Type the issuer’s address.")), Length(max=LONGEST)])

    def validate_issuer(self, field: URLField) -> None:
        """Take the whole discovery address too, and refuse what can never be called."""
        issuer = str(field.data).removesuffix(WELL_KNOWN)
        field.data = issuer
        try:
            read_target(issuer, loopback=settings().outbound_loopback)
        except AddressRefused as error:
            raise ValidationError(_("This must be a public address that begins with https://.")) from error
        if urlsplit(issuer).query or urlsplit(issuer).fragment:
            raise ValidationError(_("An issuer’s address has no ? and no # in it."))


class RegistrationForm(IssuerForm):
    """Where Kamu registers itself, and the token that lets it, where the provider wants one."""

    issuer = URLField(
        _l("The provider’s address"),
        [InputRequired(_l("Type the issuer’s address.")), Length(max=LONGEST)],
        id="registration-issuer",
    )
    initial_token = PasswordField(
        _l("Initial access token"),
        [Length(max=LONGEST), Regexp(r"[\x21-\x7e]*\Z", message=_l("Paste the token alone, without spaces."))],
    )


def _secret_end() -> DateField:
    return DateField(_l("The secret’s last day"), [Optional()])


class ConnectionForm(IssuerForm):
    """What the provider gave for Kamu. The secret is asked for once and never shown."""

    client_id = StringField(_l("Client ID"), [InputRequired(_l("Type the client ID.")), Length(max=LONGEST)])
    client_secret = PasswordField(_l("Client secret"), [Length(max=LONGEST)])
    secret_ends_on = _secret_end()
    has_secret = False

    def validate_client_secret(self, field: PasswordField) -> None:
        """Ask for a secret where none is kept yet."""
        if not field.data and not self.has_secret:
            raise ValidationError(_("Paste the client secret. It is stored encrypted and never shown again."))


class DecidedForm(PageForm):
    """What is decided about a connection in use."""

    name = StringField(_l("What the button at the door says"), [Length(max=40, message=_l("Keep it to 40 letters."))])
    secret_ends_on = _secret_end()
    jit = RadioField(
        _l("Somebody signs in whom nobody invited"),
        choices=[
            SelectChoice(Jit.OFF.value, _l("They are not let in")),
            SelectChoice(Jit.APPROVAL.value, _l("They ask, and somebody decides")),
            SelectChoice(Jit.DOMAIN.value, _l("They come in, with an address in your own domain")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    external_id_claim = StringField(
        _l("Claim that equals the directory’s external ID"),
        [
            Length(max=64),
            Regexp(r"[A-Za-z0-9_.:/-]*\Z", message=_l("A claim’s name holds letters, digits and _ . : / - only.")),
        ],
    )
    addresses_fixed = BooleanField(_l("At this provider nobody can change their own e-mail address"))

    def validate_external_id_claim(self, field: StringField) -> None:
        """Refuse what people can often write themselves, or what means another person tomorrow."""
        if (field.data or "").lower() in EDITABLE_CLAIMS:
            raise ValidationError(_("People can often change this one themselves. Choose a claim that never changes."))


class ArrivalForm(PageForm):
    """Somebody who asks to come in and is not in the directory, as they are written into it."""

    given_name = StringField(_l("Given name"), [InputRequired(_l("Type a name.")), Length(max=120)])
    family_name = StringField(_l("Family name"), [Length(max=120)])
    email = EmailField(
        _l("Work e-mail"),
        [InputRequired(_l("Type their work address.")), Email(_l("That is not an e-mail address."))],
    )
