from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, StringField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, ValidationError

from app.outbound import AddressRefused, read_target
from app.settings import settings
from app.sign_in.models import ProviderKind
from app.web.forms import PageForm

WELL_KNOWN = "/.well-known/openid-configuration"
LONGEST = 2000
PROVIDER_NAMES = {
    ProviderKind.ENTRA: "Microsoft Entra ID",
    ProviderKind.OKTA: "Okta",
    ProviderKind.GOOGLE: "Google Workspace",
    ProviderKind.KEYCLOAK: "Keycloak",
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


class ConnectionForm(PageForm):
    """What the provider gave for Kamu. The secret is asked for once and never shown."""

    issuer = URLField(_l("Issuer"), [InputRequired(_l("Type the issuer’s address.")), Length(max=LONGEST)])
    client_id = StringField(_l("Client ID"), [InputRequired(_l("Type the client ID.")), Length(max=LONGEST)])
    client_secret = PasswordField(_l("Client secret"), [Length(max=LONGEST)])
    has_secret = False

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

    def validate_client_secret(self, field: PasswordField) -> None:
        """Ask for a secret where none is kept yet."""
        if not field.data and not self.has_secret:
            raise ValidationError(_("Paste the client secret. It is stored encrypted and never shown again."))
