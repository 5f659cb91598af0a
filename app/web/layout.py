"""What the layouts know: the language, who is here, where they may go. Registered as template globals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.access.permissions import Permission
from app.access.roles import Role
from app.web import here
from app.web.areas import Area
from app.web.assets import asset
from app.web.language import LANGUAGES, day_in_words
from app.web.session import csrf_token

SHOWN_LANGUAGES = ("fi", "sv", "en")
TONES = 4
FOOT = (
    ("pages.who_sees", _l("Who can see what")),
    ("pages.accessibility", _l("Accessibility")),
    ("pages.help", _l("Help")),
)
ROLE_NAMES = {
    Role.OWNER: _l("Owner"),
    Role.PROGRAMME_LEAD: _l("Programme lead"),
    Role.IT_CONTACT: _l("IT contact"),
    Role.BILLING_CONTACT: _l("Billing contact"),
    Role.EMPLOYEE_REPRESENTATIVE: _l("Employee representative"),
}


@dataclass(frozen=True)
class Place:
    """One entry of the navigation, shown to whoever holds its permission."""

    key: str
    endpoint: str
    title: object
    icon: str
    permission: Permission

    @property
    def url(self) -> str:
        """The address on this host."""
        return url_for(self.endpoint)

    @property
    def text(self) -> str:
        """The words of the link, in the language of this page."""
        return str(self.title)


@dataclass(frozen=True)
class Me:
    """The signed-in person as the menu names them."""

    name: str
    note: str
    sign_out_url: str
    sign_ins_url: str = ""


OWN_PAGES = (
    Place("today", "today.today", _l("Today"), "house", Permission.TAKE_PART),
    Place("goals", "goals.index", _l("Goals"), "flag", Permission.TAKE_PART),
    Place("kamu", "pairs.index", _l("Kamu"), "hand-heart", Permission.TAKE_PART),
    Place("me", "rights.me", _l("Me"), "user-round", Permission.KEEP_OWN_RECORDS),
)
IN_ORGANISATION = (
    Place("figures", "disclosure.figures", _l("Figures"), "chart-column", Permission.SEE_FIGURES),
    Place("set-up", "onboarding.home", _l("Set-up"), "sliders-horizontal", Permission.SEE_SET_UP),
    Place("people", "people.index", _l("People"), "users-round", Permission.SEE_DIRECTORY),
    Place("matching", "matching.rules", _l("Matching"), "shuffle", Permission.SET_MATCHING_RULES),
    Place("sign-in", "sign_in.connection", _l("Sign-in"), "key-round", Permission.MANAGE_SIGN_IN),
    Place("roles", "roles.index", _l("Roles"), "user-round", Permission.MANAGE_ROLES),
    Place("seats", "billing.seats", _l("Seats and billing"), "scroll-text", Permission.SEE_BILLING),
)
ON_STAFF_HOST = (
    Place("customers", "support.customers", _l("Customers"), "building-2", Permission.SEE_CUSTOMERS),
    Place("closings", "closings.index", _l("Closings"), "hourglass", Permission.APPROVE_CLOSINGS),
    Place("recoveries", "recoveries.index", _l("New owners"), "hand-heart", Permission.RECOVER_OWNERS),
    Place("passkeys", "support.passkeys", _l("Passkeys"), "key-round", Permission.MANAGE_OWN_PASSKEYS),
)


class Parts:
    """The macros of components/ui.html as ``ui``: also inside a block that is rendered alone for htmx."""

    def __getattr__(self, name: str) -> object:
        """Find a macro by its name."""
        return getattr(current_app.jinja_env.get_template("components/ui.html").module, name)


def page_language() -> str:
    """The code of the language of this page."""
    locale = get_locale()
    return locale.language if locale else "en"


def page_languages() -> Sequence[tuple[str, str]]:
    """Codes and own names of the languages there are."""
    return [(code, LANGUAGES[code]) for code in SHOWN_LANGUAGES]


def foot_links() -> list[tuple[str, str]]:
    """Addresses and texts of the links at the foot of every page."""
    return [(url_for(endpoint), str(text)) for endpoint, text in FOOT]


def navigation() -> list[Place]:
    """Where the signed-in person may go, in order; a single place needs no navigation."""
    places = ON_STAFF_HOST if here.actor().kind == "staff" else (*OWN_PAGES, *IN_ORGANISATION)
    allowed = _allowed(places)
    return allowed if len(allowed) > 1 else []


def room(current: str) -> list[Place]:
    """The part of the navigation in which a page stands: one's own pages, or those of a role, never both in one bar."""
    own, role = _allowed(OWN_PAGES), _allowed(IN_ORGANISATION)
    if not own or here.actor().kind == "staff":
        return navigation()
    return own if not role or current in {place.key for place in own} else role


def tabs(current: str) -> list[Place]:
    """One's own pages, for the bar at the foot on phones; none on the pages of a role."""
    shown = room(current)
    return shown if shown and shown[0] in OWN_PAGES else []


def _allowed(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if here.actor().may(place.permission)]


def menu_person() -> Me | None:
    """Who is signed in, or None."""
    actor = here.actor()
    if not actor.is_signed_in:
        return None
    if actor.kind == "staff":
        return Me(actor.name, _("Nitor"), url_for("support.sign_out"))
    sign_ins = url_for("sessions.own") if actor.may(Permission.KEEP_OWN_SIGN_INS) else ""
    return Me(actor.name, _note(actor.roles), url_for("sign_in.sign_out"), sign_ins)


def _note(roles: frozenset[Role]) -> str:
    """Roles and organisation in one line."""
    named = [str(name) for role, name in ROLE_NAMES.items() if role in roles]
    return ", ".join([*named, organisation_name() or ""]).strip(", ")


def organisation_name() -> str | None:
    """The organisation of this host, or None on the start and staff hosts."""
    tenant = g.get("tenant")
    return tenant.name if tenant else None


def is_staff_host() -> bool:
    """Whether this is the host of Nitor's staff."""
    return g.get("area") is Area.STAFF


def csrf() -> Markup:
    """The hidden field that every form with ``method="post"`` holds."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


def here_path() -> str:
    """Where to come back to after a change of language: this page, when it can be asked for again."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def tone_of(name: str) -> int:
    """A stone for somebody's initial: 1 to 4, the same each time."""
    return crc32(name.encode()) % TONES + 1


def init_app(app: Flask) -> None:
    """Give the templates what the layouts and parts use."""
    app.jinja_env.filters["day"] = day_in_words
    app.jinja_env.globals.update(
        asset=asset,
        csrf=csrf,
        foot_links=foot_links,
        here_path=here_path,
        is_staff_host=is_staff_host,
        menu_person=menu_person,
        navigation=navigation,
        organisation_name=organisation_name,
        page_language=page_language,
        page_languages=page_languages,
        room=room,
        tabs=tabs,
        tone_of=tone_of,
        ui=Parts(),
    )
