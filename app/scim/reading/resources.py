"""Users and groups as SCIM knows them, with no attribute that Kamu does not use: phones, photos, homes stay outside.

What a directory sends beside these is dropped where it is read.
"""

from typing import Annotated, Any, ClassVar, Union

from pydantic import Field, model_validator
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    ExtensibleStringEnum,
    Extension,
    Mutability,
    Reference,
    Required,
    Resource,
    Returned,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension


class Name(ComplexAttribute):
    """The parts of a person's name."""

    family_name: str | None = None
    """The person's family name."""

    given_name: str | None = None
    """The name by which the person is called."""


class Email(ComplexAttribute):
    """The one work address that Kamu keeps of a person."""

    class Type(ExtensibleStringEnum):
        """Kinds of addresses; Kamu keeps work addresses only."""

        work = "work"

    value: str | None = None
    """The address, in small letters."""

    type: Type | None = None
    """Always work."""

    primary: bool | None = None
    """Whether it is the person's preferred address."""


class GroupOfUser(ComplexAttribute):
    """A group that the person is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The identifier of the group."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The name of the group."""


class User(Resource[AnyExtension]):
    """A person of the organisation's directory."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    class Language(ExtensibleStringEnum):
        """The languages that Kamu speaks."""

        fi = "fi"
        sv = "sv"
        en = "en"

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The name by which the organisation's own directory knows the person, often an e-mail address."""

    name: Name | None = None
    """The parts of the person's name."""

    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: str | None = None
    """What the organisation's own directory calls the person as a whole."""

    title: str | None = None
    """The person's job title."""

    preferred_language: Language | None = None
    """The language in which the person gets pages and mails until they choose another."""

    active: bool | None = None
    """Whether the person has access to Kamu."""

    emails: list[Email] | None = None
    """The person's work address. Of several, the one of type work or else the primary one is kept."""

    Emails: ClassVar[type[ComplexAttribute]] = Email

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups that the person is in."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupOfUser


class Manager(ComplexAttribute):
    """The person's supervisor."""

    value: Annotated[str | None, CaseExact.true] = None
    """The identifier of the supervisor."""

    ref: Annotated[Reference["User"] | None, Mutability.read_write] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the supervisor."""

    display_name: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """The name of the supervisor."""

    @model_validator(mode="before")
    @staticmethod
    def read_bare(value: Any) -> Any:
        """Entra ID sends the identifier alone."""
        return {"value": value} if isinstance(value, str) else value


class Enterprise(Extension):
    """What the organisation knows of the person's work."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """The number that the organisation gave the person."""

    department: str | None = None
    """The person's unit or team."""

    manager: Manager | None = None
    """The person's supervisor."""


class Member(ComplexAttribute):
    """A person in a group. Groups in groups are not kept."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The identifier of the person."""

    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always User."""

    display: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """The name of the person."""


class Group(Resource[Any]):
    """A group of the organisation's directory."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    """The name of the group."""

    members: list[Member] | None = None
    """The people in the group."""

    Members: ClassVar[type[ComplexAttribute]] = Member


AnyResource = Union[User[Enterprise], Group]  # noqa: UP007  the models are asked for at run time
