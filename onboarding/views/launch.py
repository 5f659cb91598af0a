"""The launch: a day, the organisation's words, the mail as it will be, and how far the mails are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.web.here import actor, tenant
from app.web.language import LANGUAGES, day_in_words, reader_language
from app.web.pages import render, see_other
from onboarding.actions.launch_kamu import ask_to_renew, cancel_launch, invite_newcomers, plan_launch, write_greeting
from onboarding.actions.launch_kamu import send_again as try_again
from onboarding.emails import invitation_words, preview_invitation
from onboarding.errors import AlreadyLaunched, DateHasPassed, LaunchRefused
from onboarding.forms import LaunchForm
from onboarding.models import Launch
from onboarding.queries.facts import Facts, facts_with, read_facts
from onboarding.queries.launch import count_reach, count_sending, find_launch, has_old_invitations, list_bounced
from onboarding.steps import progress_of
from onboarding.views.areas import onboarding
from onboarding.views.set_up import rail_steps

SHOWN_AT_MOST = 50


@onboarding.get("/set-up/launch")
@needs(Permission.LAUNCH)
def launch() -> Response:
    row = find_launch() or Launch()
    form = LaunchForm(on=_day_asked_for() or row.planned_for, greeting=row.greeting)
    return _page(row, form, asks_back=True)


@onboarding.post("/set-up/launch/draft")
@needs(Permission.LAUNCH)
def draft() -> Response:
    """Keep the words, and ask whether the day is meant."""
    form = LaunchForm(request.form)
    if not _is_valid(form):
        return _page(find_launch() or Launch(), form, status=422)
    try:
        write_greeting(greeting=form.greeting.data)
    except AlreadyLaunched:
        return see_other("onboarding.launch")
    if read_facts().missing:
        flash(_("Your words are kept. The day can be set when nothing is missing any more."))
        return see_other("onboarding.launch")
    return see_other("onboarding.launch", on=form.on.data.isoformat(), _anchor="sure")


@onboarding.post("/set-up/launch/plan")
@needs(Permission.LAUNCH)
def plan() -> Response:
    form = LaunchForm(request.form)
    if not _is_valid(form):
        return _page(find_launch() or Launch(), form, status=422)
    try:
        row = plan_launch(on=form.on.data, now=now())
    except LaunchRefused:
        return _page(find_launch() or Launch(), form, status=409)
    except (AlreadyLaunched, DateHasPassed):
        return see_other("onboarding.launch")
    if not row.launched_at:
        flash(_("Planned for %(day)s. Nothing has been sent.", day=day_in_words(form.on.data)))
    return see_other("onboarding.launch")


@onboarding.post("/set-up/launch/cancellation")
@needs(Permission.LAUNCH)
def cancel() -> Response:
    try:
        cancel_launch(now=now())
    except AlreadyLaunched:
        flash(_("The invitations have left already."), "care")
    else:
        flash(_("The day is taken back. Nothing has been sent."))
    return see_other("onboarding.launch")


@onboarding.post("/set-up/launch/newcomers")
@needs(Permission.LAUNCH)
def newcomers() -> Response:
    try:
        invite_newcomers()
    except LaunchRefused:
        flash(_("Invitations leave only after the launch."), "care")
    else:
        flash(_("The new people are being invited."))
    return see_other("onboarding.launch")


@onboarding.post("/set-up/launch/renewals")
@needs(Permission.LAUNCH)
def renew() -> Response:
    ask_to_renew()
    flash(_("Whoever has not come in and whose invitation is too old gets a new one."))
    return see_other("onboarding.launch")


@onboarding.post("/set-up/launch/bounced/<uuid:person_id>")
@needs(Permission.LAUNCH)
def send_again(person_id: UUID) -> Response:
    try_again(person_id=person_id, now=now())
    flash(_("The mail is tried once more."))
    return see_other("onboarding.launch")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The day that waits for a yes."""

    day: date
    at_once: bool


def _page(row: Launch, form: LaunchForm, *, asks_back: bool = False, status: int = 200) -> Response:
    progress = progress_of(facts_with(row))
    confirm = _day_to_confirm(row, progress.facts) if asks_back else None
    language = request.args.get("language", reader_language())
    words = invitation_words(row)
    sending = count_sending()
    # Invitations are made a handful at a time; those still to come are part of the same way.
    reach = count_reach(confirm.day if confirm else row.planned_for or now().date())
    busy = row.launched_at is not None and (sending.under_way or (reach.to_invite > 0 and not sending.total))
    return render(
        "onboarding/launch.html",
        block="sending",
        status=status,
        organisation=tenant().name,
        row=row,
        form=form,
        confirm=confirm,
        may_name_owner=actor().may(Permission.MANAGE_ROLES),
        missing=progress.facts.missing,
        left_open=rail_steps(progress, actor(), None, progress.left_open),
        rail_steps=rail_steps(progress, actor(), progress.step("launch")),
        reach=reach,
        sending=sending,
        mails=sending.total + (reach.to_invite if sending.under_way else 0),
        busy=busy,
        bounced=list_bounced(at_most=SHOWN_AT_MOST) if sending.bounced else (),
        has_old=row.launched_at is not None and has_old_invitations(now()),
        refresh_seconds=3 if busy else None,
        today=now().date(),
        languages=LANGUAGES,
        contact=words.contact_name,
        preview=preview_invitation(
            words,
            given_name=_("Ilta"),
            language=language if language in LANGUAGES else "en",
        ),
        asked_for=request.args.get("on"),
    )


def _day_asked_for() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def _day_to_confirm(row: Launch, facts: Facts) -> Confirmation | None:
    day, today = _day_asked_for(), now().date()
    if day is None or day < today or row.launched_at or facts.missing:
        return None
    return Confirmation(day, at_once=day == today)


def _is_valid(form: LaunchForm) -> bool:
    if not form.validate():
        return False
    if form.on.data < now().date():
        form.on.errors = [_("This day has passed. Choose today or a later one.")]
        return False
    return True
