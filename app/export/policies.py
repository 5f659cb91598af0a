"""What leaves in an owner's export: every table of an organisation is named here, with its columns or with the reason.

An owner's export holds what an owner may see on a page, and nothing else. A test compares this table with the schema,
column by column, so that a new one is decided on before it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

FORMAT: Final = "kamu-organisation-export"
VERSION: Final = 1
KEPT_FOR: Final = timedelta(days=7)
GIVEN_UP_AFTER: Final = timedelta(hours=1)
MANIFEST: Final = "manifest.json"
READ_ME: Final = "README.txt"

KEY = "only joins rows inside Kamu"
ONE_ROW = "there is one row"
WHO = "who changed a setting stands on no page"
WHEN = "stands on no page"
PERSON = "belongs to one person, who can take it along from their own page"
MACHINERY = "Kamu's own machinery, on no page"


@dataclass(frozen=True, slots=True)
class Exported:
    """One table in one file: its columns by their name in the file, and why the others stay."""

    file: str
    columns: Mapping[str, str]
    stays: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stays:
    """A table that no export holds, and why."""

    reason: str


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


TABLES: Final[Mapping[str, Exported | Stays]] = {
    "person": Exported(
        "people.csv",
        {
            **_same("given_name", "family_name", "email", "employee_number", "job_title", "unit", "site", "language"),
            "supervisor_id": "supervisor_email",
            "starts_on": "first_day",
            "ends_on": "last_day",
        },
        {
            "id": KEY,
            "created_at": WHEN,
            "updated_at": WHEN,
            "version": WHEN,
            **dict.fromkeys(
                ("user_name", "display_name", "external_id", "directory_fields"),
                "the organisation's own directory holds it",
            ),
            "deactivated_at": "the organisation's own directory took the access away, and knows when",
            "removed_at": "who is out of the directory stands on no page",
        },
    ),
    "people_policy": Exported("people_policy.csv", _same("leaver_days", "changed_at"), {"id": KEY, "slot": ONE_ROW}),
    "people_import": Exported(
        "imports.json",
        {
            **_same("file_name", "state", "counts", "outcome", "created_at", "finished_at", "undone_at"),
            "account_id": "brought_by",
        },
        {
            "id": KEY,
            "file_id": KEY,
            "queued_at": WHEN,
            **dict.fromkeys(
                ("encoding", "delimiter", "date_style", "columns", "mapping", "corrections", "left_out"),
                "how a file is read matters while it is being checked",
            ),
        },
    ),
    "connection": Exported(
        "sign_in.json",
        {
            **_same("kind", "provider", "name", "issuer", "client_id", "state", "tested_at", "activated_at"),
            **_same("secret_ends_on", "retires_at", "jit", "addresses_fixed_at", "external_id_claim"),
        },
        {
            **dict.fromkeys(("id", "replaces_id"), KEY),
            "secret_told_days": MACHINERY,
            "sessions_end_at": WHEN,
            "client_secret": "a secret is never shown again",
            "retired_at": "a connection that is out of use stands on no page",
            "revision": WHEN,
            "created_at": WHEN,
            "updated_at": WHEN,
        },
    ),
    "domain": Exported(
        "domains.csv",
        _same("name", "verified_at", "lost_at"),
        {
            "id": KEY,
            "connection_id": KEY,
            "token": "is good for one record only",
            "checked_at": WHEN,
            "created_at": WHEN,
        },
    ),
    "sign_in_policy": Exported(
        "sign_in_policy.csv",
        _same("enforced_at", "idle_hours", "absolute_days", "changed_at"),
        {"id": KEY, "slot": ONE_ROW, "sessions_end_at": WHEN},
    ),
    "scim_group": Exported(
        "directory_groups.csv",
        _same("display_name", "role"),
        {"id": KEY, "external_id": KEY, "version": WHEN, "created_at": WHEN, "updated_at": WHEN},
    ),
    "readiness_answer": Exported(
        "readiness.csv", _same("question", "answer", "answered_at"), {"id": KEY, "account_id": WHO}
    ),
    "time_policy": Exported(
        "time.csv",
        _same("core_time_percent", "kamu_minutes", "kaveri_minutes", "ring_minutes", "places", "decided_at"),
        {"id": KEY, "slot": ONE_ROW, "account_id": WHO},
    ),
    "training_plan": Exported("training.csv", _same("decided_at"), {"id": KEY, "slot": ONE_ROW, "account_id": WHO}),
    "help_contact": Exported("help.csv", _same("position", "name", "detail"), {"id": KEY}),
    "matching_rules": Exported(
        "rules.csv",
        _same(
            "only_trained",
            "not_skip_level",
            "not_same_supervisor",
            "not_same_unit",
            "shared_language",
            "decided_at",
        ),
        {"id": KEY, "slot": ONE_ROW, "account_id": WHO},
    ),
    "launch": Exported("launch.csv", _same("greeting", "planned_for", "launched_at"), {"id": KEY, "slot": ONE_ROW}),
    "plan_choice": Exported(
        "plan.csv",
        _same("plan", "chosen_at", "status", "status_at"),
        {"id": KEY, "slot": ONE_ROW, "choice_id": KEY, "account_id": WHO, "returned_at": WHEN},
    ),
    "seat_day": Exported("seats.csv", _same("day", "end_of_day", "peak")),
    "frozen_figure": Exported(
        "figures.json",
        _same("month", "value", "frozen_at"),
        {"id": KEY, "name": "is the place in the file", "cut": "is the place in the file"},
    ),
    "account": Stays("who can come in, and has come in, stands on no page"),
    "role_grant": Stays("the page of roles lists those who hold one"),
    "account_passkey": Stays("a way in belongs to one person"),
    "rescue_code": Stays("a way in belongs to one person"),
    "scim_token": Stays("a secret is never shown again"),
    "scim_group_member": Stays("the organisation's own directory holds it"),
    "identity": Stays("who an account is at the provider stands on no page"),
    "invitation": Stays("an owner sees how many mails left, never whose were opened or came back"),
    "login_link": Stays("who asked to come in is nobody's business"),
    "seat_event": Stays("a seat follows from the days in people.csv; the pages show seats, not whose they are"),
    "seat_counter": Stays("the newest row of seats.csv says the same"),
    "import_change": Stays("kept for seven days to take a file back; people.csv is what came of it"),
    "organisation_export": Stays("the page of exports lists them"),
    "closing_notice": Stays("the pages and mails of a closing tell it"),
    "farewell": Stays("mails to single people"),
    "stored_file": Stays(
        "uploads are read into the directory and then thrown away; earlier exports stand on their page"
    ),
    "file_chunk": Stays(
        "uploads are read into the directory and then thrown away; earlier exports stand on their page"
    ),
    "participation": Stays(PERSON),
    "veto": Stays(PERSON),
    "ask": Stays(PERSON),
    "pair": Stays(PERSON),
    "meeting": Stays(PERSON),
    "note": Stays(PERSON),
    "goal": Stays(PERSON),
    "follow_up": Stays(PERSON),
    "training_record": Stays(PERSON),
    "outbox": Stays(MACHINERY),
    "backfill": Stays(MACHINERY),
}


def exported() -> dict[str, Exported]:
    """Return the tables that leave, in the order of their files."""
    return {name: part for name, part in TABLES.items() if isinstance(part, Exported)}
