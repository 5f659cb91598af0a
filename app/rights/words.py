"""What somebody takes along, as a text that a person reads. The same data as in the other file, in the same order."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.choices.words import describe_languages, describe_topics, describe_ways
from app.goals.models import How
from app.goals.words import HOW_WORDS
from app.training.policies import PARTS
from app.web.language import LANGUAGES, day_in_words
from app.web.layout import ROLE_NAMES, page_language

DIRECTORY = {
    "name": _l("Name"),
    "email": _l("Work e-mail"),
    "employee_number": _l("Employee number"),
    "job_title": _l("Title"),
    "unit": _l("Unit"),
    "site": _l("Site"),
    "language": _l("Language"),
    "supervisor": _l("Supervisor"),
    "first_day": _l("First day"),
    "last_day": _l("Last day"),
    "changed_at": _l("Last changed on"),
}
ACCOUNT = {
    "name": _l("What Kamu calls you"),
    "email": _l("E-mail you sign in with"),
    "language": _l("Language of your pages and mails"),
    "private_address": _l("Private address, for one mail after your last day"),
    "since": _l("Since"),
    "privacy_notice_seen_at": _l("Privacy notice seen"),
}
STATES = {
    "live": _l("a pair"),
    "paused": _l("taking a break"),
    "resting": _l("resting for now"),
    "ended": _l("ended"),
    "open": _l("open"),
    "reached": _l("reached"),
    "let_go": _l("let go"),
}
KINDS = {"agenda": _l("To talk about"), "note": _l("Note")}


def write_text(own: Mapping[str, Any]) -> str:
    """Write everything of `queries.collect`, and the organisation's name, as plain text in the reader's language."""
    parts = [
        (_("Everything that Kamu keeps about you"), [f"{own['organisation']}, {day_in_words(own['made_at'])}"]),
        (_("Your entry in your organisation’s own list of people"), _rows(own["directory"], DIRECTORY)),
        (_("Your account"), [*_rows(own["account"], ACCOUNT), *_roles(own["account"])]),
        (_("What you chose"), _choices(own["choices"])),
        (_("With whom you would rather not be a pair"), own["rather_not_with"]),
        (_("Whom you asked"), [f"{_called(each['kamu'])}, {day_in_words(each['asked_at'])}" for each in own["asked"]]),
        (_("Your pairs"), [_pair(each) for each in own["pairs"]]),
        (_("Meetings to come"), [_meeting(each) for each in own["meetings"]]),
        (_("What you wrote for your pairs"), [_note(each) for each in own["notes"]]),
        (_("Your goals"), [line for goal in own["goals"] for line in _goal(goal)]),
        (_("Your training"), _training(own["training"])),
    ]
    return "\n".join(_section(title, lines) for title, lines in parts)


def describe_facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and write what the directory says, as far as it says anything."""
    return [(str(name), _plain(key, facts[key])) for key, name in DIRECTORY.items() if facts.get(key)]


def name_unknown(facts: Mapping[str, Any]) -> list[str]:
    """Name what the directory could say and does not."""
    return [str(name) for key, name in DIRECTORY.items() if not facts.get(key)]


def _section(title: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines) or _("Nothing is kept.")
    return f"{title}\n{'=' * len(title)}\n\n{body}\n\n"


def _rows(values: Mapping[str, Any], names: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {_plain(key, values[key])}" for key, name in names.items() if values.get(key)]


def _plain(key: str, value: object) -> str:
    if key == "language":
        return LANGUAGES.get(str(value), str(value))
    return day_in_words(value) if isinstance(value, date) else str(value)


def _roles(account: Mapping[str, Any]) -> list[str]:
    held = [str(name) for role, name in ROLE_NAMES.items() if role in account.get("roles", ())]
    return [_("Roles: %(roles)s", roles=", ".join(held))] if held else []


def _choices(chosen: Mapping[str, Any] | None) -> list[str]:
    if chosen is None:
        return []
    named = (
        (_("Topics"), describe_topics(chosen["topics"])),
        (_("Languages"), describe_languages(chosen["languages"])),
        (_("Ways of meeting"), describe_ways(chosen["ways"])),
        (_("Places"), [str(chosen["places"])] if chosen["offers_kamu"] else []),
        (_("Introduction"), [chosen["introduction"]] if chosen["introduction"] else []),
    )
    said = [
        (chosen["wants_kamu"], _("You would like a Kamu.")),
        (chosen["offers_kamu"], _("You would like to be one.")),
    ]
    listed = [_("You are on the list of Kamus.")] if chosen["lists_self"] else []
    return [
        *(text for holds, text in said if holds),
        *listed,
        *(f"{name}: {', '.join(values)}" for name, values in named if values),
        _("Since %(day)s, last changed on %(changed)s.", day=_day(chosen["since"]), changed=_day(chosen["changed_at"])),
    ]


def _called(name: str | None) -> str:
    return name or _("a former colleague")


def _pair(pair: Mapping[str, Any]) -> str:
    role = _("you are the Kamu") if pair["i_am"] == "kamu" else _("you are the Kaveri")
    until = f"–{_day(pair['ended_at'])}" if pair["ended_at"] else ""
    return f"{_called(pair['with'])}, {role}, {STATES[pair['state']]}, {_day(pair['began_at'])}{until}"


def _meeting(meeting: Mapping[str, Any]) -> str:
    parts = [f"{_day(meeting['begins_at'])} {format_time(meeting['begins_at'], 'short')}", meeting["with"]]
    return ", ".join([*parts, meeting["place"]] if meeting["place"] else parts)


def _note(note: Mapping[str, Any]) -> str:
    return f"{_day(note['written_at'])}, {_called(note['with'])}, {KINDS[note['kind']]}:\n{note['text']}\n"


def _goal(goal: Mapping[str, Any]) -> Iterator[str]:
    yield f"{goal['line']} ({STATES[goal['state']]})"
    yield "  " + _(
        "Set on %(day)s, to look back on %(back)s", day=_day(goal["created_at"]), back=_day(goal["look_back_on"])
    )
    for each in goal["follow_ups"]:
        line = f": {each['line']}" if each["line"] else ""
        yield f"  {_day(each['at'])}, {HOW_WORDS[How(each['how'])]}{line}"
    yield ""


def _training(training: Mapping[str, Any] | None) -> Iterator[str]:
    if training is None:
        return
    yield _("Begun on %(day)s.", day=_day(training["began_at"]))
    if training["completed_at"]:
        yield _("Certificate: Kamu training, completed on %(day)s.", day=_day(training["completed_at"]))
    for part in PARTS:
        text = part.text(page_language())
        if part.key in training["written"]:
            yield f"\n{text.title}\n{text.question}\n{training['written'][part.key]}"
        elif part.key in training["done"]:
            yield _("Done: %(part)s", part=text.title)


def _day(when: datetime | date) -> str:
    return day_in_words(when)
