"""``bin/kamu``: everything operators do, as one tree of commands.

Commands are named, not imported: the tree is put together here as the app is in ``wsgi.py``, from
packages that this one must not depend on, and a command's ``--help`` loads nothing else.
"""

from contextlib import AbstractContextManager
from typing import Any

import click
from flask import Flask
from flask.globals import app_ctx
from werkzeug.utils import import_string

from app.settings import SettingsMissing
from tenants.command import Answer, JsonGroup, Refused, answers

APP = "wsgi:create_app"

COMMANDS: dict[str, tuple[str, dict[str, str]]] = {
    "tenants": (
        "Organisations: make one, list them, end one.",
        {
            "create": "onboarding.cli:create_tenant",
            "list": "tenants.cli:list_tenants",
            "limit": "tenants.limits_cli:limit",
            "migrate": "tenants.fleet.cli:migrate",
            "status": "tenants.fleet.cli:status",
            "drift": "tenants.fleet.cli:drift",
            "backfill": "tenants.fleet.cli:backfill",
            "backup": "tenants.backup_cli:back_up",
            "restore": "tenants.backup_cli:put_back",
            "drill": "tenants.backup_cli:try_out",
            "suspend": "app.closing.cli:suspend",
            "resume": "app.closing.cli:resume",
            "close": "app.closing.cli:close",
            "call-off": "app.closing.cli:call_off",
            "erase": "app.closing.cli:erase_due",
        },
    ),
    "people": ("People of an organisation.", {"import": "app.people.cli:import_people"}),
    "sign-in": ("Sign-in of an organisation.", {"add": "app.sign_in.cli:add_connection"}),
    "staff": (
        "Nitor's people.",
        {
            "invite": "app.support.cli:invite",
            "end": "app.support.cli:end",
            "list": "app.support.cli:list_everybody",
        },
    ),
    "work": (
        "Background work that failed for good.",
        {"list": "tenants.cli:list_dead_work", "retry": "tenants.cli:retry_dead_work"},
    ),
    # Invented wishes: for local stacks, where the package it names is at hand.
    "demo": ("Invented people, on a local stack only.", {"wishes": "local.wishes:make_wishes"}),
    "pool": ("Blank schemas that wait for organisations.", {"fill": "tenants.cli:fill_pool"}),
}


class NamedCommands(JsonGroup):
    """A group whose commands are loaded when one of them is asked for."""

    def __init__(self, *, places: dict[str, str], **more: Any) -> None:
        super().__init__(**more)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, also those not loaded yet."""
        return sorted({*self.places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return one command."""
        place = self.places.get(cmd_name)
        return import_string(place) if place else super().get_command(ctx, cmd_name)


@click.group(cls=JsonGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def kamu(ctx: click.Context) -> None:
    """What operators of Kamu do. Each command takes --json; exit 0: done, 1: refused, 2: used wrongly."""
    ctx.obj = ctx.obj or open_app


for _name, (_help, _places) in COMMANDS.items():
    kamu.add_command(NamedCommands(name=_name, help=_help, places=_places))


def open_app() -> AbstractContextManager[Any]:
    """Make the app from the environment and return its context."""
    try:
        return import_string(APP)().app_context()
    except SettingsMissing as missing:
        raise Refused("setting_missing", str(missing)) from missing


@kamu.command()
@answers()
def migrate() -> Answer:
    """Bring every schema to the newest revision.

    Control, keys, then each organisation's. Run again, it resumes.
    """
    from app.settings import settings
    from tenants.fleet import migrate_all
    from tenants.fleet.cli import answer_run

    config = settings()
    if not config.database_ddl_url:
        raise Refused("no_ddl_login", "DATABASE_DDL_URL is not set, and migrating needs it.")
    urls = config.database_ddl_url, config.keys_database_url
    return answer_run(lambda: migrate_all(*urls))


@kamu.command()
@click.argument("queue")
@answers()
def worker(queue: str) -> Answer:
    """Do the work of one QUEUE until told to stop.

    QUEUE is default, heavy (work that takes long) or provisioning; a process serves one.
    """
    from app.queue import QUEUES, work

    if queue not in QUEUES:
        raise Refused("unknown_queue", f"There is no queue {queue}. Choose {' or '.join(QUEUES)}.")
    work(_app(), queue)
    return Answer({"queue": queue}, f"The worker of {queue} has stopped.")


@kamu.command()
@answers()
def clock() -> Answer:
    """Wake what is due, minute by minute, until told to stop. One of them runs at a time."""
    from app.schedule import run

    run(_app())
    return Answer({}, "The clock has stopped.")


def _app() -> Flask:
    """The app itself: workers outlive the context in which the proxy means it."""
    return app_ctx.app


if __name__ == "__main__":
    kamu(prog_name="bin/kamu")
