"""The library's protocol as Kamu speaks it."""

from http import HTTPStatus
from typing import Any

import structlog
from scim2_models import Context, Error, Resource, ResourceType, ResponseParameters, SCIMException
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from app.clock import now
from app.scim.reading import PROVIDER
from app.scim.views.storage import Directory

_log = structlog.get_logger("kamu.scim")


class Service(ScimService):
    """Answers every PATCH with the resource, which is what Entra ID and Okta read."""

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """Return the resource as it is now."""
        published = self.publish(base_url, resource)
        return self.resource_response(published, Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters)

    @staticmethod
    def error_of(exception: Exception) -> Error:
        """Return what SCIM says of a failure; one that nobody foresaw goes to the log, without anybody's values."""
        if not isinstance(exception, SCIMException):
            _log.error("failed", error=type(exception).__name__, exc_info=exception)
        return ScimService.error_of(exception)


class Handler(ScimHandler):
    """Serves one request. A PUT says all that the directory has to say of somebody."""

    storage: Directory

    def replace_resource(
        self, resource_type: ResourceType, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any]:
        """Write what was sent in place of what was there."""
        self.storage.says_all = True
        try:
            return super().replace_resource(resource_type, current, replacement, conditions)
        finally:
            self.storage.says_all = False


def make_service(secret: str) -> Service:
    """Make the service; `secret` seals its cursors."""
    return Service(PROVIDER, secret=f"scim cursors: {secret}")


def handler_of(service: Service) -> Handler:
    """Make what serves one request."""
    return Handler(service, Directory(now))


def error_of_status(status: int, detail: str | None) -> ScimResponse:
    """Return SCIM's answer for a refusal that was none of SCIM's."""
    return ScimResponse(HTTPStatus(status), Error(status=status, detail=detail).model_dump())
