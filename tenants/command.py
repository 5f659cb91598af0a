"""The one shape of a command of ``bin/kamu``: what it prints, and what its exit code says.

For people a line or a few; with ``--json`` one object ``{"ok", "data", "error"}``, error being null or
``{"code", "message"}``. Exit 0: done. 1: refused, for the reason named. 2: used wrongly.
"""

import functools
import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from tenants.context import Status, TenantRef
from tenants.resolution import find_tenant

Opens = Callable[[], AbstractContextManager[Any]]
REFUSED, USED_WRONGLY = 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command did: ``data`` for programs, ``text`` for people."""

    data: dict[str, Any]
    text: str


class Refused(Exception):
    """The command was understood and not done.

    ``code`` is for programs; ``data`` says what was done all the same.
    """

    def __init__(self, code: str, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class JsonGroup(click.Group):
    """A group that answers wrong use in JSON too, when that was asked for."""

    def main(self, args: Any = None, *more: Any, **extra: Any) -> Any:
        """Run the command line; always leaves by ``SystemExit``."""
        words = list(sys.argv[1:] if args is None else args)
        if "--json" not in words:
            return super().main(words, *more, **extra)
        try:
            code = super().main(words, *more, **{**extra, "standalone_mode": False})
        except click.UsageError as wrong:
            _print_json(ok=False, error={"code": "wrong_use", "message": wrong.format_message()})
            sys.exit(USED_WRONGLY)
        sys.exit(code if isinstance(code, int) else 0)


def answers(*refusals: type[Exception]) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Turn a function that returns an Answer into a command's callback.

    It gets ``--json`` and runs in what the root group's ``obj`` opens. ``refusals`` are the errors that
    mean no; an error's code is its class name in snake case, and its message the sentence of its class.
    """
    expected: tuple[type[Exception], ...] = (Refused, OperationalError, *refusals)

    def shape(function: Callable[..., Answer]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON object: ok, data, error.")
        @functools.wraps(function)
        def run(*args: Any, as_json: bool, **options: Any) -> None:
            try:
                with click.get_current_context().obj():
                    answer = function(*args, **options)
            except expected as no:
                _refuse(no, as_json=as_json)
            else:
                _print_json(ok=True, data=answer.data) if as_json else click.echo(answer.text)

        return run

    return shape


def tenant_named(slug: str) -> TenantRef:
    """Return the open organisation with this address name, or refuse."""
    found = find_tenant(slug)
    if found is None or found.status is not Status.OPEN:
        raise Refused("no_such_tenant", f"No open organisation has the address name “{slug}”.")
    return found


def _refuse(no: Exception, *, as_json: bool) -> None:
    code, message = _code(no), _message(no)
    if as_json:
        data = no.data if isinstance(no, Refused) else None
        _print_json(ok=False, data=data, error={"code": code, "message": message})
    else:
        click.echo(message, err=True)
    click.get_current_context().exit(REFUSED)


def _code(no: Exception) -> str:
    if isinstance(no, Refused):
        return no.code
    if isinstance(no, OperationalError):
        return "database_unavailable"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(no).__name__).lower()


def _message(no: Exception) -> str:
    if isinstance(no, OperationalError):
        # The driver's text can hold the address with its password.
        return "The database did not answer as it should. Is it running, and has it been migrated?"
    if isinstance(no, Refused):
        return str(no)
    return " ".join((type(no).__doc__ or type(no).__name__).strip().partition("\n\n")[0].split())


def _print_json(*, ok: bool, data: Any = None, error: dict[str, str] | None = None) -> None:
    click.echo(json.dumps({"ok": ok, "data": data, "error": error}, ensure_ascii=False, default=str))
