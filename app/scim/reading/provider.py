"""What Kamu's SCIM service announces, and how far those who speak to it may stray from the specification."""

from typing import Final

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Pagination,
    Patch,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from app.scim.reading.resources import Enterprise, Group, User

PAGE: Final = 100
MOST_RESULTS: Final = 200
MOST_OPERATIONS: Final = 200
MOST_BYTES: Final = 1024 * 1024
CURSOR_SECONDS: Final = 3600

# Entra ID and Okta send what they send: unknown attributes, values to remove, paths that fit nothing yet.
LENIENT: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=True,
        index=True,
        default_pagination_method=Pagination.DefaultPaginationMethod.index,
        default_page_size=PAGE,
        max_page_size=MOST_RESULTS,
        cursor_timeout=CURSOR_SECONDS,
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token that the organisation makes on its page of Kamu.",
            primary=True,
        )
    ],
)
PROVIDER: Final = ScimProvider(
    models=[User, Enterprise, Group],
    resource_types=[ResourceType.from_resource(User[Enterprise]), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=LENIENT,
)
