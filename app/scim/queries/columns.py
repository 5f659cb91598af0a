"""What each attribute of SCIM is in SQL: just what is said of the same row when it is read."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, literal, null, or_, select

from app.people.models import Person
from app.people.policies import NO_ADDRESS
from app.scim.models import ScimGroup, ScimGroupMember

Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `exact` ones keep their case; `small` ones are kept in small letters, so an index finds them."""

    column: Any
    exact: bool = False
    small: bool = False

    def comparable(self) -> ColumnElement[Any]:
        """Return what is compared."""
        return self.column if self.exact or self.small else func.lower(self.column)

    def prepared(self, value: str) -> str:
        """Return a value as it is compared."""
        return value if self.exact else value.lower()


@dataclass(frozen=True, slots=True)
class UserName(Text):
    """The user name, or the address of whoever has none; each is found by its index."""

    def equals(self, value: str) -> ColumnElement[bool]:
        """Whether it is this one."""
        return or_(func.lower(Person.user_name) == value, and_(Person.user_name.is_(None), Person.email == value))


@dataclass(frozen=True, slots=True)
class Members:
    """The people in a group; `column` is what one of them is compared by."""

    column: Any

    def any_of(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Whether the condition holds for one of them."""
        return select(ScimGroupMember.person_id).where(ScimGroupMember.group_id == ScimGroup.id, condition).exists()


is_provisioned = or_(Person.user_name.is_not(None), Person.external_id.is_not(None))
has_address = Person.email.not_like(f"%{NO_ADDRESS}")
stands_in = and_(
    is_provisioned,
    Person.family_name == "",
    Person.given_name == func.coalesce(Person.display_name, Person.user_name, Person.email),
)
_given = case((stands_in, null()), else_=func.nullif(Person.given_name, ""))
_whole = func.nullif(func.trim(func.concat(Person.given_name, " ", Person.family_name)), "")


def _says(word: str) -> ColumnElement[bool]:
    return func.coalesce(Person.directory_fields.contains([word]), false())


Attribute = Text | ColumnElement[Any] | Members

USERS: Final[dict[Key, Attribute]] = {
    ("id", None): Text(cast(Person.id, String), exact=True),
    ("external_id", None): Text(Person.external_id, exact=True),
    ("user_name", None): UserName(func.coalesce(Person.user_name, Person.email)),
    ("display_name", None): Text(case((is_provisioned, Person.display_name), else_=_whole)),
    ("name", "given_name"): Text(_given),
    ("name", "family_name"): Text(func.nullif(Person.family_name, "")),
    ("title", None): Text(Person.job_title),
    ("preferred_language", None): Text(Person.language, small=True),
    ("employee_number", None): Text(Person.employee_number),
    ("department", None): Text(Person.unit),
    ("manager", "value"): Text(cast(Person.supervisor_id, String), exact=True),
    ("emails", "value"): Text(case((has_address, Person.email), else_=null()), small=True),
    ("emails", "type"): Text(case((has_address, literal("work")), else_=null()), small=True),
    ("emails", "primary"): case((has_address, ~_says("email-is-second")), else_=null()),
    ("active", None): case(
        (Person.deactivated_at.is_not(None), false()), (or_(~is_provisioned, _says("active")), True), else_=null()
    ),
    ("meta", "created"): Person.created_at.expression,
    ("meta", "last_modified"): Person.updated_at.expression,
}
GROUPS: Final[dict[Key, Attribute]] = {
    ("id", None): Text(cast(ScimGroup.id, String), exact=True),
    ("external_id", None): Text(ScimGroup.external_id, exact=True),
    ("display_name", None): Text(ScimGroup.display_name),
    ("members", "value"): Members(cast(ScimGroupMember.person_id, String)),
    ("meta", "created"): ScimGroup.created_at.expression,
    ("meta", "last_modified"): ScimGroup.updated_at.expression,
}
# Lists and parts: present when any of these is.
PARTS: Final[dict[Key, tuple[Key, ...]]] = {
    ("name", None): (("name", "given_name"), ("name", "family_name")),
    ("emails", None): (("emails", "value"),),
    ("members", None): (("members", "value"),),
    ("manager", None): (("manager", "value"),),
}
