"""Every route of an organisation as a request: whose it rightfully is, its address, its form, its answer."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from tests.factories.rosters import roster, staff
from tests.isolation.rooms import Rooms
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET

OK, SEE_OTHER, UNKNOWN_TOKEN, NOT_HERE, GONE, UNFIT = 200, 303, 401, 404, 410, 422


@dataclass(frozen=True)
class Ask:
    """One request: whose it rightfully is, its address, its form, and what it is answered.

    `foreign`: what another organisation's session is answered; what programs ask for looks at no session.
    """

    path: Callable[[Rooms], str]
    answer: int = OK
    form: Callable[[Rooms], dict] | None = None
    by: str = "owner"
    purpose: str = ""
    stranger: int = NOT_HERE
    foreign: int = NOT_HERE

    @property
    def names_something(self) -> bool:
        """Whether the address names something of the organisation, rather than a page that each has."""
        return bool(self.purpose)


def page(path: str, answer: int = OK, *, by: str = "owner", needs: str = "") -> Ask:
    """A page that every organisation has, with its own content."""
    return Ask(lambda rooms: (getattr(rooms, needs) if needs else None, path)[1], answer, by=by)


def form(
    path: str, fields: Callable[[Rooms], dict] | dict | None = None, *, by: str = "owner", answer: int = SEE_OTHER
) -> Ask:
    """A form that every organisation has."""
    return Ask(lambda _: path, answer, form=fields if callable(fields) else lambda _: fields or {}, by=by)


def one(path: str, what: str, answer: int = OK, fields: Callable[[Rooms], dict] | dict | None = None) -> Ask:
    """A page or a form about one thing, named by its id."""
    sent = fields if callable(fields) or fields is None else lambda _: fields
    return Ask(
        lambda rooms: path.format(getattr(getattr(rooms, what), "id", getattr(rooms, what))), answer, sent, purpose="id"
    )


def of_two(
    what: str, more: str = "", answer: int = SEE_OTHER, fields: Callable[[Rooms], dict] | dict | None = None
) -> Ask:
    """A page or a form of one's own, whose address begins with that of a pair, a meeting, a note or a goal."""
    sent = fields if callable(fields) or fields is None else lambda _: fields
    return Ask(lambda rooms: _address(rooms, what) + more, answer, sent, by="kaveri", purpose="id")


def _address(rooms: Rooms, what: str) -> str:
    return rooms.duo.path if what == "pair" else getattr(rooms, what)


def sealed(path: str, what: str, purpose: str, answer: int = OK, fields: dict | None = None) -> Ask:
    """A page or a form about one thing, named by a sealed link."""
    sent = None if fields is None else lambda _: fields
    return Ask(lambda rooms: path.format(getattr(rooms, what)), answer, sent, by="visitor", purpose=purpose)


def _upload(rooms: Rooms) -> dict:
    return {"file": (io.BytesIO(roster(staff(3, domain=f"{rooms.slug}.example")).encode()), "people.csv")}


def _person(rooms: Rooms) -> dict:
    return {"given_name": "Mirja", "family_name": "Suvanto", "email": f"mirja@{rooms.slug}.example", "language": ""}


def _settings(rooms: Rooms) -> dict:
    assert rooms.draft
    return {"issuer": rooms.provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


LINE = {"line": "Say no to one thing a week", "back": "month"}
FILE = "/people/imports/{}"
ARRIVAL = "/set-up/arrivals/{}"
TIME = {"kamu_minutes": "60", "kaveri_minutes": "60", "ring_minutes": "60", "places": "3"}
ROUTES = {
    "billing.seats": page("/set-up/seats"),
    "billing.choose_plan": form("/set-up/seats/plan", {"plan": "monthly"}),
    "billing.come_back": page("/set-up/seats/return", SEE_OTHER),
    "break_glass.rescue": page("/sign-in/rescue", by="visitor"),
    "break_glass.redeem": form(
        "/sign-in/rescue/code", lambda rooms: {"email": rooms.owner_email, "code": rooms.rescue_code}, by="visitor"
    ),
    "break_glass.rescue_by_passkey": form("/sign-in/rescue/passkey", by="visitor", answer=UNFIT),
    "break_glass.passkey": page("/sign-in/passkey", by="visitor"),
    "break_glass.sign_in_by_passkey": form("/sign-in/passkey", by="visitor", answer=UNFIT),
    "break_glass.again": page("/sign-in/again/passkey"),
    "break_glass.confirm": form("/sign-in/again/passkey", answer=UNFIT),
    "break_glass.enrolment": page("/me/rescue"),
    "break_glass.add_passkey": form("/me/rescue/passkeys", answer=UNFIT),
    "break_glass.remove_passkey": one("/me/rescue/passkeys/{}/remove", "passkey", SEE_OTHER, {}),
    "break_glass.make_codes": form("/me/rescue/codes", answer=OK),
    "choices.choose": page("/choices", by="member"),
    "choices.save": form("/choices", {"want": "kamu", "places": "0"}, by="member"),
    "choices.want": form("/choices/want", {"want": "kamu"}, by="member"),
    "choices.rather_not": page("/choices/rather-not", by="member"),
    "choices.search": form("/choices/rather-not/search", {"name": "petri"}, by="member", answer=OK),
    "choices.add": form("/choices/rather-not", lambda rooms: {"person": rooms.person.id}, by="member"),
    "choices.remove": form("/choices/rather-not/removal", lambda rooms: {"person": rooms.person.id}, by="member"),
    "choices.listed": page("/kamus", by="member"),
    "disclosure.figures": page("/figures"),
    "matching.rules": page("/set-up/matching"),
    "matching.decide": form("/set-up/matching", {"only_trained": "y"}),
    "matching.suggestions": page("/suggestions", by="member"),
    "matching.ask": form("/suggestions/ask", lambda rooms: {"kamu": rooms.person.id}, by="member"),
    "matching.take_question_back": form("/suggestions/take-back", by="member"),
    "matching.rather_not_with": form("/suggestions/rather-not", lambda rooms: {"person": rooms.person.id}, by="member"),
    "matching.asks": page("/asks", by="member"),
    "matching.answer": Ask(
        lambda rooms: f"/asks/{rooms.question}/answer", SEE_OTHER, lambda _: {"answer": "no"}, "member", "id"
    ),
    "onboarding.door_step": page("/", SEE_OTHER),
    "onboarding.home": page("/set-up"),
    "onboarding.launch": page("/set-up/launch"),
    "onboarding.draft": form("/set-up/launch/draft", lambda rooms: {"on": rooms.tomorrow, "greeting": "Welcome."}),
    "onboarding.plan": form("/set-up/launch/plan", lambda rooms: {"on": rooms.tomorrow}),
    "onboarding.cancel": form("/set-up/launch/cancellation"),
    "onboarding.newcomers": form("/set-up/launch/newcomers"),
    "onboarding.renew": form("/set-up/launch/renewals"),
    "onboarding.send_again": one("/set-up/launch/bounced/{}", "bounced_person", SEE_OTHER, {}),
    "onboarding.welcome": page("/welcome", by="member"),
    "onboarding.not_now": page("/not-now", by="member"),
    "pages.accessibility": page("/accessibility"),
    "pages.components": page("/components"),
    "pages.help": page("/help"),
    "pages.language": form("/language", {"language": "fi"}),
    "pages.still_tells": page("/what-still-tells"),
    "pages.who_sees": page("/who-can-see-what"),
    "domains.index": page("/set-up/domains"),
    "domains.add": form("/set-up/domains", {"name": "alpha.example"}),
    "domains.check": one("/set-up/domains/{}/check", "domain", SEE_OTHER, {}),
    "domains.bind": one("/set-up/domains/{}/connection", "domain", SEE_OTHER, {"connection": ""}),
    "domains.remove": one("/set-up/domains/{}/removal", "domain", SEE_OTHER, {}),
    "export.index": page("/set-up/export"),
    "export.ask": form("/set-up/export"),
    "export.download": one("/set-up/export/{}/file", "export"),
    "closing.page": page("/set-up/closing"),
    "closing.ask": form("/set-up/closing", lambda rooms: {"name": rooms.slug}),
    "closing.call_off": form("/set-up/closing/call-off"),
    "goals.index": page("/goals", by="kaveri", needs="goal"),
    "goals.new_goal": page("/goals/new", by="kaveri"),
    "goals.add_goal": form("/goals", LINE, by="kaveri"),
    "goals.goal": of_two("goal", answer=OK),
    "goals.change_goal": of_two("goal", fields=lambda rooms: LINE | {"look_back_on": rooms.tomorrow_day}),
    "goals.follow_up": of_two("goal", "/follow-ups", fields={"how": "let_go", "note": "Enough of it."}),
    "goals.tell": of_two("goal", "/telling", fields={}),
    "goals.take_back": of_two("goal", "/telling/removal", fields={}),
    "goals.reach": of_two("goal", "/reached", fields={}),
    "goals.reopen": of_two("reached_goal", "/reopening", fields={}),
    "goals.remove": of_two("goal", "/removal", fields={}),
    "pairs.index": page("/pairs", by="kaveri"),
    "pairs.pair": of_two("pair", answer=OK),
    "pairs.set_meeting": of_two("pair", "/meetings", fields=lambda rooms: {"day": rooms.tomorrow_day, "at": "14:00"}),
    "pairs.cancel_meeting": of_two("meeting", "/cancellation", fields={}),
    "pairs.add_topic": of_two("pair", "/topics", fields={"topic": "First weeks"}),
    "pairs.add_note": of_two("pair", "/notes", fields={"note": "It went well."}),
    "pairs.note": of_two("note", answer=OK),
    "pairs.change_note": of_two("note", fields={"note": "It went well enough."}),
    "pairs.remove_note": of_two("note", "/removal", fields={}),
    "pairs.pausing": of_two("pair", "/break", OK),
    "pairs.pause": of_two("pair", "/break", fields={}),
    "pairs.resume": of_two("pair", "/break/end", fields={}),
    "pairs.ending": of_two("pair", "/ending", OK),
    "pairs.end": of_two("pair", "/ending", fields={"text": "keep"}),
    "pairs.shred": of_two("pair", "/shredding", fields={}),
    "today.today": page("/today", by="kaveri"),
    "people.index": page("/people"),
    "people.new_person": page("/people/new"),
    "people.add_person": form("/people", _person),
    "people.person": one("/people/{}", "person"),
    "people.change_person": one("/people/{}", "person", SEE_OTHER, _person),
    "people.remove_person": one("/people/{}/removal", "person", SEE_OTHER, {}),
    "people.leavers": page("/people/leavers"),
    "people.decide_leavers": form("/people/leavers", {"leaver_days": "90"}),
    "people.new_import": page("/people/imports/new"),
    "people.sample": page("/people/imports/sample.csv"),
    "people.create_import": form("/people/imports", _upload),
    "people.show_import": one(FILE, "file"),
    "people.map_columns": one(f"{FILE}/columns", "file", SEE_OTHER, lambda rooms: rooms.columns),
    "people.put_right": one(f"{FILE}/corrections", "file", SEE_OTHER, {"2.given_name": "Mirja"}),
    "people.leave_out": one(f"{FILE}/left-out", "file", SEE_OTHER, {"rows": "3"}),
    "people.bring_back": one(f"{FILE}/left-out/removal", "file", SEE_OTHER, {}),
    "people.take_in": one(f"{FILE}/intake", "file", SEE_OTHER, {}),
    "people.throw_away": one(f"{FILE}/removal", "file", SEE_OTHER, {}),
    "people.undo_import": one(f"{FILE}/undo", "file_taken_in", SEE_OTHER, {}),
    "readiness.questions": page("/set-up/readiness"),
    "readiness.answer": form("/set-up/readiness/answers", {"time": "yes"}),
    "rights.me": page("/me", by="member"),
    "rights.correct": form("/me", {"name": "Ilta", "language": "en"}, by="member"),
    "rights.take_along": page("/me/file", by="member"),
    "rights.confirm_shred": page("/me/shred", by="member"),
    "rights.shred": form("/me/shred", by="member"),
    "rights.confirm_leave": page("/me/leave", by="member"),
    "rights.leave": form("/me/leave", by="member"),
    "rights.left": page("/left"),
    "rights.after_leaving": page("/me/after-leaving", by="member"),
    "rights.leave_address": form("/me/after-leaving", {"private_address": "me@elsewhere.example"}, by="member"),
    "rights.remove_address": form("/me/after-leaving/removal", by="member"),
    "rights.own_file": sealed("/own-file/{}", "file_link", "own-file"),
    "rights.take_own_file": sealed("/own-file/{}", "file_link", "own-file", OK, {}),
    "roles.index": page("/set-up/roles"),
    "roles.new": page("/set-up/roles/new"),
    "roles.invite": form(
        "/set-up/roles/new",
        lambda rooms: {"name": "Aino", "email": f"aino@{rooms.slug}.example", "roles": "owner", "language": "en"},
    ),
    "roles.holder": one("/set-up/roles/{}", "role_holder"),
    "roles.change": one("/set-up/roles/{}", "role_holder", SEE_OTHER, {"roles": "it_contact"}),
    "roles.remove": one("/set-up/roles/{}/removal", "role_holder", SEE_OTHER, {}),
    "roles.send_again": one("/set-up/roles/{}/mail", "role_newcomer", SEE_OTHER, {}),
    "roles.make_offer": one("/set-up/roles/{}/offer", "role_holder", SEE_OTHER, {"stays": "yes"}),
    "roles.take_offer_back": one("/set-up/roles/{}/offer/removal", "role_holder", SEE_OTHER, {}),
    "roles.offer": page("/ownership"),
    "roles.accept_offer": form("/ownership/acceptance", by="taker"),
    "roles.decline_offer": form("/ownership/refusal"),
    "roles.invitation": sealed("/role-invitations/{}", "role_invitation", "role-invitation"),
    "roles.accept": sealed("/role-invitations/{}", "role_invitation", "role-invitation", SEE_OTHER, {}),
    "sign_in.arrivals": page("/set-up/arrivals"),
    "sign_in.arrival": one(ARRIVAL, "arrival"),
    "sign_in.let_in": one(f"{ARRIVAL}/person", "arrival", SEE_OTHER, lambda rooms: {"person": rooms.person.id}),
    "sign_in.let_in_newcomer": one(
        f"{ARRIVAL}/newcomer", "arrival", SEE_OTHER, {"given_name": "Ella", "email": "ella@new.example"}
    ),
    "sign_in.refuse_arrival": one(f"{ARRIVAL}/refusal", "arrival", SEE_OTHER, {}),
    "roles.recovery": sealed("/owner-recovery/{}", "recovery", "owner-recovery"),
    "roles.call_off_recovery": sealed("/owner-recovery/{}", "recovery", "owner-recovery", OK, {}),
    "provisioning.index": page("/set-up/provisioning"),
    "provisioning.make_token": form("/set-up/provisioning/tokens", {"label": "Second", "lives": "year"}, answer=OK),
    "provisioning.calls": one("/set-up/provisioning/tokens/{}", "scim_token"),
    "provisioning.revoke_token": one("/set-up/provisioning/tokens/{}/revocation", "scim_token", SEE_OTHER, {}),
    "provisioning.group": one("/set-up/provisioning/groups/{}", "scim_group"),
    "provisioning.map_group": one("/set-up/provisioning/groups/{}", "scim_group", SEE_OTHER, {"role": "it_contact"}),
    "scim.speak": Ask(
        lambda rooms: f"/scim/v2/Users/{rooms.person.id}", by="directory", purpose="id", foreign=UNKNOWN_TOKEN
    ),
    "sign_in.door": page("/sign-in", by="visitor"),
    "sessions.own": page("/me/sign-ins"),
    "sessions.end_one": form("/me/sign-ins/end", {"handle": "none"}),
    "sessions.end_others": form("/me/sign-ins/end-others"),
    "sessions.settings": page("/set-up/sessions"),
    "sessions.set_limits": form("/set-up/sessions", {"idle_hours": "4", "absolute_days": "7"}),
    "sessions.search": form("/set-up/sessions/search", {"name": "petri"}, answer=OK),
    "sessions.end_of_person": form("/set-up/sessions/of-person", lambda rooms: {"who": rooms.person.id}),
    "sessions.end_of_connection": form(
        "/set-up/sessions/of-connection", lambda rooms: {"connection": rooms.connection.id}
    ),
    "sessions.end_of_all": form("/set-up/sessions/of-all"),
    "sessions.notice": page("/privacy-notice", by="member"),
    "sessions.have_read": form("/privacy-notice", by="member"),
    "sessions.again": page("/sign-in/again", SEE_OTHER),
    "sessions.by_provider": page("/sign-in/again/provider", SEE_OTHER),
    "sessions.send_link": form("/sign-in/again/link"),
    "sessions.link_sent": page("/sign-in/again/link", SEE_OTHER),
    "sign_in.ask_link": form("/sign-in/links", {"email": "owner@alpha.example"}, by="visitor"),
    "sign_in.link_sent": page("/sign-in/links", by="visitor"),
    "sign_in.link": sealed("/sign-in/links/{}", "login_link", "login-link"),
    "sign_in.open_link": sealed("/sign-in/links/{}", "login_link", "login-link", SEE_OTHER, {}),
    "sign_in.invitation": sealed("/invitations/{}", "invitation", "invitation"),
    "sign_in.renew_invitation": Ask(
        lambda rooms: f"/invitations/{rooms.invitation}/renewal", SEE_OTHER, lambda _: {}, "visitor", "invitation"
    ),
    "sign_in.invitation_asked": page("/invitations", by="visitor"),
    "sign_in.start": page("/sign-in/start", SEE_OTHER, by="visitor", needs="connection"),
    # Who comes with a state of another browser is told that this sign-in has ended, whatever connection it names.
    "sign_in.callback": Ask(lambda rooms: rooms.callback, SEE_OTHER, by="visitor", purpose="id", stranger=GONE),
    "sign_in.sign_out": form("/sign-out"),
    "sign_in.connection": page("/set-up/sign-in"),
    "sign_in.begin_draft": form("/set-up/sign-in/drafts", {"provider": "other"}),
    "sign_in.save_draft": form("/set-up/sign-in/drafts/current", _settings),
    "sign_in.remove_draft": form("/set-up/sign-in/drafts/current/removal"),
    "sign_in.start_test": page("/set-up/sign-in/test/start", SEE_OTHER, needs="draft"),
    "sign_in.test_result": page("/set-up/sign-in/test", needs="draft"),
    "sign_in.activate": form("/set-up/sign-in/active", lambda rooms: {"draft": rooms.draft.id}),
    "sign_in.deactivate": one("/set-up/sign-in/active/{}/end", "connection", SEE_OTHER, {}),
    "sign_in.ending": one("/set-up/sign-in/active/{}/end", "connection"),
    "sign_in.in_use": one("/set-up/sign-in/active/{}", "connection"),
    "sign_in.change": one("/set-up/sign-in/active/{}", "connection", SEE_OTHER, {"name": "Ours", "jit": "off"}),
    "sign_in.try_in_use": one("/set-up/sign-in/active/{}/test", "connection", SEE_OTHER),
    "sign_in.register": form(
        "/set-up/sign-in/drafts/current/registration",
        lambda rooms: {"issuer": rooms.draft and rooms.provider.issuer},
    ),
    "sign_in.enforcement": page("/set-up/sign-in/only-way-in"),
    "sign_in.enforce": form("/set-up/sign-in/only-way-in", answer=409),
    "sign_in.end_enforcement": form("/set-up/sign-in/only-way-in/end"),
    "sign_in.own_log_ins": page("/me/log-ins"),
    "sign_in.note_own_log_in": form("/me/log-ins"),
    "sign_in.start_own_log_in": one("/me/log-ins/{}/start", "connection", SEE_OTHER),
    "sign_in.signed_out": page("/signed-out", by="visitor"),
    "sign_in.sign_out_there": page("/signed-out/there", SEE_OTHER, by="visitor"),
    # A token that this connection's provider has not signed is refused alike, whatever connection is named.
    "sign_in.back_channel": Ask(
        lambda rooms: f"/sign-in/back-channel/{rooms.connection.id}",
        400,
        lambda _: {"logout_token": "none"},
        by="visitor",
        purpose="id",
        stranger=400,
        foreign=400,
    ),
    "training.index": page("/training", by="member", needs="training"),
    "training.part": page("/training/listening-exercise", by="member", needs="training"),
    "training.finish_part": form("/training/listening-exercise", {"text": "I waited."}, by="member"),
    "training.certificate": page("/training/certificate", SEE_OTHER, by="member"),
    "training.plan": page("/set-up/training"),
    "training.read_module": page("/set-up/training/module"),
    "training.save_help": form("/set-up/training/help", {"name_0": "Occupational health", "detail_0": "Call 3100"}),
    "training.offer": form("/set-up/training/offer"),
    "time_policy.promise": page("/set-up/time"),
    "time_policy.sums": form("/set-up/time/sums", TIME, answer=OK),
    "time_policy.decide": form("/set-up/time", TIME),
    "time_policy.promised": page("/time", by="member"),
}
