"""Mails about roles. They go to those who hold one, and name no other person but owners, as owners."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.models import Account
from app.access.roles import Role
from app.links import seal
from app.mailer import send
from app.support.models import Staff
from app.web.language import day_in_words
from app.web.layout import ROLE_NAMES
from tenants.context import TenantRef
from tenants.unit_of_work import current

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """A short mail: its subject is its heading; `lines`, a button, and why it came."""

    subject: str
    lines: list[str]
    button: str
    foot: str


def send_invitation(account: Account, *, roles: tuple[Role, ...], link_id: UUID) -> None:
    """Mail somebody that they are invited to roles, with the link that works once."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("You are invited to run Kamu at %(organisation)s", organisation=tenant.name),
            [
                _("Hello %(name)s,", name=account.name),
                _("%(organisation)s uses Kamu, colleagues who listen to each other. You are invited to help run it, "
                  "as: %(roles)s.", organisation=tenant.name, roles=_names(roles)),
                _("The link works once, for seven days. After that you can ask for a new one at the door."),
            ],
            _("See the invitation"),
            _("If you did not expect this, do nothing, or ask whoever runs Kamu at %(organisation)s.",
              organisation=tenant.name),
        )  # fmt: skip
    link = url_for("roles.invitation", organisation=tenant.slug, token=seal("role-invitation", link_id), _external=True)
    _send(account, words, link)


def send_change(account: Account, *, roles: tuple[Role, ...]) -> None:
    """Mail somebody which roles they hold now."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("Your roles in Kamu at %(organisation)s have changed", organisation=tenant.name),
            [_("You are now: %(roles)s.", roles=_names(roles)) if roles else _("You hold no role any more.")],
            _("Open Kamu"),
            _for_role_holders(tenant),
        )
    _send(account, words, _page(tenant, "sign_in.door"))


def send_owners_changed(account: Account, *, owners: list[str]) -> None:
    """Mail an owner who the owners are now."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("The owners of Kamu at %(organisation)s have changed", organisation=tenant.name),
            [
                _("Owners are now: %(names)s.", names=", ".join(owners)),
                _("If you did not expect this, look at the roles now, and talk to the other owners."),
            ],
            _("See the roles"),
            _("This mail goes to every owner, each time the owners change."),
        )
    _send(account, words, _page(tenant, "roles.index"))


def send_offer(account: Account, *, by: str) -> None:
    """Mail somebody that an owner offers them the ownership."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("The ownership of Kamu at %(organisation)s is offered to you", organisation=tenant.name),
            [
                _(
                    "%(name)s, an owner, offers it to you. An owner sees to the plan, the sign-in and the roles.",
                    name=by,
                ),
                _("Nothing changes before you have said yes. The offer stands for seven days."),
            ],
            _("See the offer"),
            _for_role_holders(tenant),
        )
    _send(account, words, _page(tenant, "roles.offer"))


def send_ownerless(account: Account) -> None:
    """Mail somebody with a role that no owner can come in any more."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("Kamu at %(organisation)s has no owner who can come in", organisation=tenant.name),
            [
                _("Everything goes on as it was, but nobody can change the plan, the sign-in or the roles."),
                _("Somebody who may sign for your organisation can write to Nitor and name a new owner. Two people "
                  "there check it, and everybody with a role is told a week before."),
            ],
            _("Open Kamu"),
            _for_role_holders(tenant),
        )  # fmt: skip
    _send(account, words, _page(tenant, "sign_in.door"))


def send_recovery(account: Account, *, recovery_id: UUID, opens_at: datetime) -> None:
    """Mail somebody with a role that a new owner will be let in, and how to call that off."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("Kamu at %(organisation)s gets a new owner on %(day)s", organisation=tenant.name,
              day=day_in_words(opens_at)),
            [
                _("Nitor has a signed request of your organisation that names a new owner, because none is left who "
                  "can come in. Two people at Nitor have checked it."),
                _("If you know that this is wrong, or an owner can come in after all, call it off. One press is "
                  "enough, and you need not sign in."),
            ],
            _("See it, or call it off"),
            _for_role_holders(tenant),
        )  # fmt: skip
    link = url_for(
        "roles.recovery",
        organisation=tenant.slug,
        token=seal(f"owner-recovery-{recovery_id}", account.id),
        _external=True,
    )
    _send(account, words, link)


def send_called_off(account: Account) -> None:
    """Mail somebody with a role that no new owner is let in."""
    tenant = _tenant()
    with force_locale(_language(account)):
        words = Words(
            _("Kamu at %(organisation)s gets no new owner", organisation=tenant.name),
            [_("What was announced to you is called off. Nothing has changed.")],
            _("Open Kamu"),
            _for_role_holders(tenant),
        )
    _send(account, words, _page(tenant, "sign_in.door"))


def send_to_staff(staff: Staff, *, recovery_id: UUID, organisation: str) -> None:
    """Mail one of Nitor's staff that a recovery waits for a second person."""
    language = staff.language or DEFAULT_LANGUAGE
    with force_locale(language):
        words = Words(
            _("%(organisation)s asks for a new owner", organisation=organisation),
            [_("One of us has written it down; it takes a second. Look at the signed request yourself, and ask them "
               "by a way you already knew.")],
            _("See how it stands"),
            _("This mail goes to everybody at Nitor who has a passkey here."),
        )  # fmt: skip
    link = url_for("recoveries.case", recovery_id=recovery_id, _external=True)
    send(to=staff.email, subject=words.subject, template="role_note", language=language, words=words, link=link)


def _send(account: Account, words: Words, link: str) -> None:
    send(
        to=account.email,
        subject=words.subject,
        template="role_note",
        language=_language(account),
        words=words,
        link=link,
    )


def _for_role_holders(tenant: TenantRef) -> str:
    return _("You get this mail because you hold a role in Kamu at %(organisation)s.", organisation=tenant.name)


def _names(roles: tuple[Role, ...]) -> str:
    return ", ".join(str(ROLE_NAMES[role]) for role in roles)


def _page(tenant: TenantRef, endpoint: str) -> str:
    return url_for(endpoint, organisation=tenant.slug, _external=True)


def _language(account: Account) -> str:
    return account.language or DEFAULT_LANGUAGE


def _tenant() -> TenantRef:
    tenant = current().tenant
    if tenant is None:
        raise LookupError("these mails are an organisation's own")
    return tenant
