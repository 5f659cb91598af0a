"""People and groups of the current organisation, as the SCIM library keeps resources: in the request's unit of work."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from scim2_models import (
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy.exc import IntegrityError

from app.people.errors import EmailIsTaken, ExternalIdIsTaken, NumberIsTaken, SupervisorGoesRound, UserNameIsTaken
from app.people.models import Person
from app.roles.errors import LastOwner
from app.scim.models import ScimGroup
from app.scim.queries.groups import find_group
from app.scim.queries.people import find_person
from app.scim.reading import Enterprise, Group, User
from app.scim.views import writing
from app.scim.views.pages_of_rows import find_page
from app.scim.views.saying import say_groups, say_people, version_of
from tenants.errors import NotHere
from tenants.unit_of_work import session

TAKEN = (EmailIsTaken, NumberIsTaken, UserNameIsTaken, ExternalIdIsTaken, IntegrityError)


class Directory(ScimStorage):
    """One request's way to people and groups. `says_all`: what is written is all that the directory has to say."""

    supports_cursors = True

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.says_all = False

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """Return a resource. What will be changed is asked for without parameters, and held until the end."""
        row = _row(resource_type, resource_id, lock=response_parameters is None)
        return _said(row, with_members=not leaves_out_members(response_parameters))

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Return a page of people, of groups, or of both."""
        kinds = [str(resource_type.name) for resource_type in resource_types]
        rows, page = find_page(kinds, search_request, position)
        people = say_people([row for row in rows if isinstance(row, Person)])
        groups = [row for row in rows if isinstance(row, ScimGroup)]
        said = say_groups(groups, with_members=not leaves_out_members(search_request))
        page.resources = [*people, *said]
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Add somebody or a group; whom a file brought in is adopted."""
        with _refusals():
            if resource_type.name == "User":
                return _said(writing.create_person(cast("User[Enterprise]", resource), now=self.clock()))
            return _said(writing.write_group(None, cast("Group", resource), now=self.clock()))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Write somebody or a group anew."""
        row = _expected(_row(resource_type, resource.id or "", lock=True), expected_version)
        with _refusals():
            if isinstance(row, Person):
                user = cast("User[Enterprise]", resource)
                return _said(writing.update_person(row, user, says_all=self.says_all, now=self.clock()))
            return _said(writing.write_group(row, cast("Group", resource), now=self.clock()))

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Take somebody or a group out of the directory."""
        row = _expected(_row(resource_type, resource_id, lock=True), expected_version)
        with _refusals():
            writing.delete(row, now=self.clock())

    def operation(self) -> AbstractContextManager[Any]:
        """One operation stands or falls by itself, also among others of a bulk."""
        return session().begin_nested()


def leaves_out_members(parameters: Any) -> bool:
    """Whether an answer is asked for without the members of groups."""
    excluded = getattr(parameters, "excluded_attributes", None) or ()
    return any(str(each).lower().rpartition(":")[2] == "members" for each in excluded)


def _row(resource_type: ResourceType, resource_id: str, *, lock: bool) -> Person | ScimGroup:
    try:
        key = UUID(resource_id)
    except ValueError:
        raise NotFoundException(detail="There is no such resource") from None
    find: Callable[..., Person | ScimGroup | None] = find_person if resource_type.name == "User" else find_group
    found = find(key, lock=lock)
    if found is None:
        raise NotFoundException(detail="There is no such resource")
    return found


def _said(row: Person | ScimGroup, *, with_members: bool = True) -> Resource[Any]:
    if isinstance(row, Person):
        return say_people([row])[0]
    return say_groups([row], with_members=with_members)[0]


def _expected(row: Person | ScimGroup, version: str | None) -> Person | ScimGroup:
    if version is not None and version_of(row) != version:
        raise PreconditionFailedException
    return row


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in SCIM why something cannot be written."""
    try:
        yield
    except TAKEN as taken:
        raise UniquenessException(detail=_WHAT.get(type(taken), "The value is taken already")) from None
    except LastOwner:
        raise MutabilityException(detail=LAST_OWNER) from None
    except SupervisorGoesRound:
        raise InvalidValueException(detail="The manager stands under the person") from None
    except NotHere:
        raise InvalidValueException(detail="There is no such manager") from None


LAST_OWNER = "They are the last owner of Kamu here; name another owner there first"
_WHAT = {
    EmailIsTaken: "Somebody else has this e-mail address already",
    NumberIsTaken: "Somebody else has this employeeNumber already",
    UserNameIsTaken: "Somebody else has this userName already",
    ExternalIdIsTaken: "Somebody else has this externalId already",
}
