"""How closings are told: states, refusals, and what an erasure left."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.closing.errors import (
    AlreadyApproved,
    AlreadyClosing,
    ClosingRefusal,
    NothingToApprove,
    NotOpen,
    TooLate,
    WrongName,
)
from app.closing.models import Closing, ClosingState
from app.closing.policies import APPROVALS, AT_MOST_A_DAY
from app.closing.queries.control import Case
from app.web.language import day_in_words

FEWEST_SHOWN = 5


def name_of_state(state: str) -> str:
    """Return a state in a few words."""
    return {
        ClosingState.ASKED: _("Waits for approval"),
        ClosingState.GRACE: _("Everybody is told"),
        ClosingState.SUSPENDED: _("Closed, nothing destroyed yet"),
        ClosingState.KEYS_DESTROYED: _("Keys destroyed, receipts go out"),
        ClosingState.RECEIPTS_SENT: _("Receipts sent, being deleted"),
        ClosingState.ERASED: _("Erased"),
        ClosingState.CANCELLED: _("Called off"),
    }[ClosingState(state)]


def kind_of_state(state: str) -> tuple[str, str | None]:
    """Return a badge's kind and icon for a state."""
    if state == ClosingState.ASKED:
        return "care", "hand-heart"
    if state in {ClosingState.ERASED, ClosingState.CANCELLED}:
        return "hollow", "check"
    return "", "hourglass"


def who_asked(closing: Closing) -> str:
    """Say who asked; never a name."""
    return _("An owner, in Kamu") if closing.asked_by_kind == "owner" else _("One of us, on their behalf")


def say_refusal(refusal: ClosingRefusal) -> str:
    """Say what happened and what to do."""
    for kind, sentence in _sentences().items():
        if isinstance(refusal, kind):
            return sentence
    raise refusal


def _sentences() -> dict[type[ClosingRefusal], str]:
    return {
        WrongName: _("This is not the address name. It stands before the first dot of the address."),
        AlreadyApproved: _("You have approved this already. It takes somebody else."),
        AlreadyClosing: _("This has been asked for already."),
        NothingToApprove: _("There is nothing to approve any more. Look at the state below."),
        NotOpen: _("The organisation is closed for the time being. Open it first, so that its people can be told."),
        TooLate: _("The erasure has begun. It cannot be called off any more."),
    }


def say_wait(case: Case, *, places_left: int, now: datetime) -> str | None:
    """Say why a closing whose day has come has not begun; None when nothing holds it up."""
    due_at = case.closing.due_at
    if case.closing.state != ClosingState.GRACE or due_at is None or due_at > now:
        return None
    if not case.is_open:
        return _("It waits: the organisation is closed for the time being, so nobody could take their things along.")
    if places_left == 0:
        return ngettext(
            "It waits: at most %(num)s erasure begins within a day.",
            "It waits: at most %(num)s erasures begin within a day.",
            AT_MOST_A_DAY,
        )
    return _("It begins within a minute.")


def say_approvals(given: int) -> str:
    """Say how many of two have said yes."""
    return _("%(given)s of %(needed)s", given=given, needed=APPROVALS)


def say_day(case: Case) -> str:
    """Say the day of the erasure, or that there is none."""
    closing = case.closing
    if closing.state == ClosingState.CANCELLED:
        return _("None")
    return day_in_words(closing.due_at) if closing.due_at else _("30 days after the second approval")


def list_proof(closing: Closing, dropped_at: datetime | None) -> list[tuple[str, str]]:
    """List what was done, and when to the minute; the same lines that the receipts refer to."""
    lines = [
        (_("Closed to everybody"), closing.begun_at),
        (_("Keys destroyed"), closing.keys_destroyed_at),
        (_("Data deleted"), dropped_at),
        (_("Finished"), closing.erased_at),
    ]
    return [(name, f"{at:%Y-%m-%d %H:%M} UTC") for name, at in lines if at]


def list_mails(closing: Closing) -> list[tuple[str, str]]:
    """List roughly how many mails there were, by kind; of no mail whom it went to."""
    lines = [
        (_("Told before the day"), closing.told),
        (_("Receipts taken by mail servers"), closing.receipts),
        (_("Receipts that no server took"), closing.bounced),
    ]
    return [(name, _say_roughly(count)) for name, count in lines if count]


def _say_roughly(count: int) -> str:
    """Say a number of people as staff may see it: never fewer than five, never exactly."""
    if count < FEWEST_SHOWN:
        return _("Fewer than five")
    return _("At least %(count)s", count=count - count % (10 if count >= 10 else FEWEST_SHOWN))
