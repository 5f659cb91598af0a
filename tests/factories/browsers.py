"""A browser without a screen: keeps cookies, sends what browsers send, and refuses pages that are not in order."""

import re
from collections.abc import Callable
from contextvars import Context
from uuid import UUID

from flask import Flask, g
from werkzeug.test import Client, TestResponse

from app.web.session import COOKIE, ValkeySessions, start_account_session, start_staff_session
from tenants.context import TenantRef
from tests.watching import unwatched

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """One browser at one host. Every page it gets is checked; ``check=False`` is for pages under construction only."""

    def __init__(self, app: Flask, host: str) -> None:
        self.app, self.host = app, host
        self.client: Client = app.test_client()
        self.last: TestResponse | None = None

    def get(self, path: str, *, check: bool = True, **options: object) -> TestResponse:
        """Ask for a page."""
        answer = _apart(self.client.get, path, base_url=f"https://{self.host}", **options)
        return self._seen(answer, check=check)

    def post(
        self,
        path: str,
        data: dict | None = None,
        *,
        check: bool = True,
        token: str | None = None,
        **options: object,
    ) -> TestResponse:
        """Send a form, with the token of the session and the headers of a browser."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": f"https://{self.host}"}
        headers |= options.pop("headers", {})
        form = {"csrf_token": token if token is not None else self.token(), **(data or {})}
        answer = _apart(self.client.post, path, base_url=f"https://{self.host}", data=form, headers=headers, **options)
        return self._seen(answer, check=check)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where a 303 leads."""
        assert answer.status_code in {302, 303}, answer.status_code
        location = answer.headers["Location"]
        return self.get(location.removeprefix(f"https://{self.host}").removeprefix(f"http://{self.host}"))

    def token(self) -> str:
        """The session's form token, as a page would carry it."""
        data = self._session()
        if "csrf" not in data:
            self.get("/sign-in", check=False)
            data = self._session()
        return str(data.get("csrf", "no-token"))

    def sign_in(self, tenant: TenantRef, account_id: UUID) -> None:
        """Put an account's session into this browser, as a finished sign-in does."""

        def begin() -> None:
            g.tenant = tenant
            start_account_session(account_id, method="link")

        self._begin(begin)

    def sign_in_staff(self, staff_id: UUID) -> None:
        """Put the session of one of Nitor's staff into this browser."""
        self._begin(lambda: start_staff_session(staff_id))

    def cookie(self) -> str:
        """The session cookie's value."""
        found = self.client.get_cookie(COOKIE, domain=self.host.partition(":")[0])
        return found.value if found else ""

    def use_cookie(self, value: str) -> None:
        """Present another browser's cookie."""
        self.client.set_cookie(COOKIE, value, domain=self.host.partition(":")[0], secure=True)

    def _begin(self, start: object) -> None:
        with self.app.test_request_context("/", base_url=f"https://{self.host}") as context:
            start()
            context.session["csrf"] = "token-of-a-test"
            response = self.app.make_response("")
            ValkeySessions().save_session(self.app, context.session, response)
            self.use_cookie(context.session.sid)

    def _session(self) -> dict:
        with self.app.test_request_context(
            "/", base_url=f"https://{self.host}", headers={"Cookie": f"{COOKIE}={self.cookie()}"}
        ) as context:
            return dict(context.session)

    def _seen(self, answer: TestResponse, *, check: bool) -> TestResponse:
        self.last = answer
        if check and answer.mimetype == "text/html" and answer.data and not answer.location:
            from tests.pages.checker import check_fragment, check_page

            with unwatched():
                (check_page if b"<html" in answer.data else check_fragment)(answer.text)
        return answer


def _apart(ask: Callable[..., TestResponse], *args: object, **options: object) -> TestResponse:
    """Ask without the test's own app context, whose ``g`` would else carry over from one request to the next."""
    return Context().run(ask, *args, **options)
