"""A directory that speaks SCIM to the app, as Entra ID or Okta would: JSON in, JSON out, a token in the header."""

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.clock import now
from app.scim.actions import make_token
from app.scim.policies import Lives
from tenants.unit_of_work import tenant_work
from tests.cast import Organisation
from tests.factories.browsers import _apart

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def token_of(organisation: Organisation, label: str = "Entra ID") -> str:
    """Make a token and return its secret."""
    with tenant_work(organisation.ref):
        _, secret = make_token(label=label, lives=Lives.YEAR, account_id=organisation.owner_id, now=now())
    return secret


class DirectoryClient:
    """Speaks to one organisation's host with a token."""

    def __init__(self, app: Flask, organisation: Organisation, secret: str | None = None) -> None:
        self.host = f"{organisation.slug}.{app.config['SERVER_NAME']}"
        self.client = app.test_client()
        self.secret = token_of(organisation) if secret is None else secret

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request."""
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/scim+json", **headers}
        return _apart(
            self.client.open,
            f"/scim/v2{path}",
            method=method,
            base_url=f"https://{self.host}",
            data=None if body is None else json.dumps(body),
            headers=sent,
        )

    def get(self, path: str, status: int = 200) -> dict[str, Any]:
        """Read something."""
        return _said(self.ask("GET", path), status)

    def find(self, kind: str, wanted: str) -> list[dict[str, Any]]:
        """Ask with a filter."""
        answer = self.ask("GET", f"/{kind}?filter={wanted.replace(' ', '%20')}")
        return _said(answer, 200)["Resources"]

    def add(self, kind: str, status: int = 201, **said: Any) -> dict[str, Any]:
        """Add something."""
        schema = USER if kind == "Users" else GROUP
        return _said(self.ask("POST", f"/{kind}", {"schemas": [schema], **said}), status)

    def patch(self, path: str, *operations: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """Change something."""
        return _said(self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}), status)


def _said(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    return answer.get_json(force=True)


class DirectorySeat(DirectoryClient):
    """The same, asked like a browser: by the whole address."""

    def get(self, path: str, status: int = 0) -> TestResponse:  # type: ignore[override]
        """Read something, and return the answer itself."""
        answer = self.ask("GET", path.removeprefix("/scim/v2"))
        assert status in {0, answer.status_code}
        return answer
