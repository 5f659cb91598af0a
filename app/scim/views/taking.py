"""What SCIM says of a person, as columns; what does not fit is refused, what Kamu lacks is left out."""

from typing import Any, Final
from uuid import UUID

from scim2_models import InvalidValueException

from app.people.models import Person
from app.people.policies import NO_ADDRESS, fields_of_directory
from app.people.reading.fields import LANGUAGES, LONGEST, Field
from app.people.reading.shapes import looks_like_email
from app.scim.models import LONGEST_EXTERNAL_ID, LONGEST_GROUP_NAME
from app.scim.queries.people import find_supervisor
from app.scim.reading import Email, Enterprise, Group, User
from app.scim.views.saying import stands_in
from tenants.models import new_id

_LONGEST: Final = {
    **{field.value: most for field, most in LONGEST.items()},
    "user_name": 254,
    "display_name": LONGEST_GROUP_NAME,
    "external_id": LONGEST_EXTERNAL_ID,
}

Values = dict[str, Any]


def take_person(user: User[Enterprise], person: Person | None) -> Values:
    """Return columns as SCIM has them; None for what it leaves open. Raises InvalidValueException."""
    name, work = user.name, user[Enterprise]
    texts = {
        "user_name": user.user_name,
        "display_name": user.display_name,
        "external_id": user.external_id,
        "given_name": name.given_name if name else None,
        "family_name": name.family_name if name else None,
        "job_title": user.title,
        "unit": work.department if work else None,
        "employee_number": work.employee_number if work else None,
        "email": _address(user.emails),
    }
    values: Values = {column: _tidy(column, text) for column, text in texts.items()}
    values["language"] = _language(user.preferred_language)
    values["supervisor_id"] = _supervisor(work, person)
    return _with_stand_ins(values, person)


def take_members(group: Group) -> list[UUID]:
    """Return the ids of a group's members that can be ids; anything else is nobody here."""
    ids = (_uuid(member.value) for member in group.members or ())
    return [each for each in ids if each]


def take_group_text(text: str | None, most: int) -> str | None:
    """Return a text of a group. Raises InvalidValueException when it is too long."""
    return _shortened_never(text, most, "The value")


def is_second(user: User[Enterprise]) -> bool:
    """Whether the address that is kept is said not to be the person's first."""
    kept = _kept(user.emails)
    return kept is not None and kept.primary is False


def _kept(emails: list[Email] | None) -> Email | None:
    """Of several addresses the work one, else the first one, else whichever there is."""
    filled = [email for email in emails or () if email.value]
    return min(filled, key=lambda email: (email.type != "work", not email.primary), default=None)


def _address(emails: list[Email] | None) -> str | None:
    kept = _kept(emails)
    if kept is None or kept.value is None:
        return None
    address = kept.value.strip().casefold()
    if not looks_like_email(address):
        raise InvalidValueException(detail="emails holds a value that is no e-mail address")
    return address


def _language(said: str | None) -> str | None:
    code = (said or "").replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else None


def _supervisor(work: Enterprise | None, person: Person | None) -> UUID | None:
    """Nobody is their own supervisor, though some directories say so of whoever is at the top."""
    said = work.manager.value if work and work.manager else None
    if said is None and work and work.manager and work.manager.ref:
        said = str(work.manager.ref).rpartition("/")[2]
    found = find_supervisor(said)
    return None if person is not None and found == person.id else found


def _with_stand_ins(values: Values, person: Person | None) -> Values:
    """Give whoever has no name or no address in their directory what stands in for it, unless Kamu has it elsewhere."""
    owned = fields_of_directory(person) if person else frozenset()
    nameless = person is None or stands_in(person) or bool({"given_name", "family_name"} & owned)
    if nameless and not values["given_name"] and not values["family_name"]:
        values["given_name"] = values["display_name"] or values["user_name"]
    if not values["email"] and (person is None or "email" in owned):
        values["email"] = _stand_in_address(values["user_name"], person)
    return values


def _stand_in_address(user_name: str | None, person: Person | None) -> str:
    address = (user_name or "").casefold()
    if looks_like_email(address):
        return address
    return person.email if person and person.email.endswith(NO_ADDRESS) else f"{new_id()}{NO_ADDRESS}"


def _tidy(column: str, text: str | None) -> str | None:
    return _shortened_never(text, _LONGEST.get(column, _LONGEST[Field.UNIT]), column)


def _shortened_never(text: str | None, most: int, name: str) -> str | None:
    tidied = " ".join(text.replace("\0", "").split()) if text else None
    if tidied and len(tidied) > most:
        raise InvalidValueException(detail=f"{name} is longer than {most} characters")
    return tidied or None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
