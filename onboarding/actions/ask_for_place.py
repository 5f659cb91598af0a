"""From the form on the start page to a confirmed wish."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from onboarding.errors import AddressTaken, LinkExpired, LinkUsed, TooManyMails
from onboarding.models import ASKED, CONFIRMED, LINK_LIVES, MAILS_AT_MOST, SignUp
from onboarding.queries.sign_ups import count_mails_to, get_sign_up, is_address_free
from tenants.errors import NotHere
from tenants.outbox import later
from tenants.unit_of_work import session

MAILS_TO_ONE_ADDRESS = 2 * MAILS_AT_MOST


def ask_for_place(*, organisation: str, slug: str, email: str, language: str, now: datetime) -> SignUp:
    """Note a wish for a place and send its confirmation mail.

    Raises AddressTaken when the address name is held, TooManyMails when this e-mail was written to
    often enough in a day: the form is open to all, and must not fill a stranger's mailbox.
    """
    if not is_address_free(slug):
        raise AddressTaken
    return _note_wish(SignUp(organisation=organisation, slug=slug, email=email, language=language), now)


def _note_wish(wish: SignUp, now: datetime) -> SignUp:
    if count_mails_to(wish.email, since=now - timedelta(days=1)) >= MAILS_TO_ONE_ADDRESS:
        raise TooManyMails
    wish.asked_at = wish.moved_at = now
    wish.expires_at = now + LINK_LIVES
    session().add(wish)
    session().flush()  # flush: the mail job names the row by its id
    later("onboarding.send_confirmation", sign_up_id=str(wish.id))
    return wish


def send_again(*, sign_up_id: UUID, now: datetime) -> SignUp:
    """Send the confirmation mail once more. Raises LinkExpired, LinkUsed, TooManyMails."""
    sign_up = _asked(sign_up_id, now)
    if not sign_up.may_be_mailed(now):
        raise TooManyMails
    later("onboarding.send_confirmation", sign_up_id=str(sign_up.id), again=True)
    sign_up.mailed_at = now
    return sign_up


def use_another_email(*, sign_up_id: UUID, email: str, now: datetime) -> SignUp:
    """Ask anew for another mailbox.

    The old wish expires, so that the link in the wrong mailbox opens nothing; its row stays for the
    day, so that the count of mails to that box stays true. Raises LinkExpired, LinkUsed, TooManyMails.
    """
    old = _asked(sign_up_id, now)
    wish = SignUp(organisation=old.organisation, slug=old.slug, email=email, language=old.language)
    new = _note_wish(wish, now)
    old.expires_at = now
    return new


def confirm(*, sign_up_id: UUID, browser: str, now: datetime, slug: str | None = None) -> SignUp:
    """Confirm a wish, from now on reserving its address name, and begin to build.

    `browser` is remembered: only there the finished page carries a login link. `slug` is another
    address name, when the first was taken meanwhile. Raises LinkExpired, LinkUsed, AddressTaken.
    """
    sign_up = _asked(sign_up_id, now)
    wanted = slug or sign_up.slug
    if not is_address_free(wanted):
        raise AddressTaken
    try:
        with session().begin_nested():
            sign_up.slug = wanted
            sign_up.confirmed_in = browser
            sign_up.move_to(CONFIRMED, now)
    except IntegrityError as error:  # somebody else confirmed it between the look and the write
        raise AddressTaken from error
    later("onboarding.build_organisation", sign_up_id=str(sign_up.id))
    return sign_up


def _asked(sign_up_id: UUID, now: datetime) -> SignUp:
    try:
        sign_up = get_sign_up(sign_up_id, locked=True)
    except NotHere as error:
        raise LinkExpired from error
    if sign_up.has_expired(now):
        raise LinkExpired
    if sign_up.state != ASKED:
        raise LinkUsed
    return sign_up
