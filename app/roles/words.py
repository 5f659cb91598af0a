"""How roles and what stands in their way are told."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.roles import Role
from app.roles import errors
from app.roles.queries.recoveries import RecoveryState
from app.web.layout import ROLE_NAMES

DUTIES: dict[Role, LazyString] = {
    Role.OWNER: _l("Everything about the set-up, the plan, the sign-in and these roles."),
    Role.PROGRAMME_LEAD: _l("People, time, training, rules, the launch, and figures of five people or more."),
    Role.IT_CONTACT: _l("The sign-in, your directory’s connection, and the people list."),
    Role.BILLING_CONTACT: _l("Seats and invoices."),
    Role.EMPLOYEE_REPRESENTATIVE: _l("Figures of five people or more, and nothing about anybody."),
}


def name_roles(roles: Iterable[Role]) -> str:
    """Name roles in one line."""
    return ", ".join(str(ROLE_NAMES[role]) for role in roles)


def name_state(state: RecoveryState) -> tuple[str, str, str]:
    """Return a state in a few words, and a badge's kind and icon for it."""
    return {
        RecoveryState.ASKED: (_("Waits for a second of us"), "care", "hand-heart"),
        RecoveryState.NOTICE: (_("Everybody with a role is told"), "", "hourglass"),
        RecoveryState.DONE: (_("The way in has gone out"), "good", "check"),
        RecoveryState.CALLED_OFF: (_("Called off"), "hollow", "check"),
    }[state]


def say_refusal(refusal: errors.RoleRefusal) -> str:
    """Say what is so, and what to do."""
    for kind, sentence in _sentences().items():
        if isinstance(refusal, kind):
            return sentence
    raise refusal


def _sentences() -> dict[type[errors.RoleRefusal], str]:
    return {
        errors.MayNotGive: _("Only an owner gives and takes this role."),
        errors.NoRole: _("Choose at least one role. To take all of them, remove the person below."),
        errors.HoldsAlready: _("Whoever has this address holds these roles already. Find them in the list."),
        errors.HasLeft: _("This address belongs to somebody who has left, by your people list. Put that right first."),
        errors.LastOwner: _("There must be another owner who has come in. Name one first, or hand the ownership over."),
        errors.NotWaiting: _("They have come in meanwhile. No invitation is needed any more."),
        errors.EnoughMails: _("Five mails went to this address within a day. Ask them to look in their junk folder."),
        errors.OfferRefused: _("The ownership can be offered to somebody with a role who has come in once."),
        errors.OfferOver: _("This offer has been taken back, or a week has passed. Ask for a new one."),
        errors.WrongName: _("This is not the address name. It stands before the first dot of the address."),
        errors.NotOpen: _("There is no open organisation with this address name."),
        errors.AlreadyAsked: _("This has been asked for already. Find it in the list."),
        errors.TakesTwo: _("You have asked for this. It takes somebody else to approve it."),
        errors.NothingToApprove: _("There is nothing to approve any more. Look at the state below."),
        errors.TooLate: _("The way in has gone out. It cannot be called off any more; an owner can remove the role."),
    }
