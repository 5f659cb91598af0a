"""``bin/kamu sign-in``: a connection to an organisation's own provider."""

from datetime import datetime
from typing import TextIO

import click

from app import clock
from app.sign_in.actions import add_active_connection, begin_draft, check_provider, save_settings
from app.sign_in.errors import NothingToTest, ProviderError
from app.sign_in.models import Connection, ProviderKind
from tenants.command import Answer, Refused, answers, tenant_named
from tenants.unit_of_work import tenant_work


@click.command("add")
@click.argument("slug")
@click.option("--issuer", required=True, help="The provider's issuer address, to the letter.")
@click.option("--client-id", required=True, help="What the provider calls Kamu.")
@click.option(
    "--client-secret-file",
    "secret_file",
    type=click.File("r"),
    required=True,
    help="A file with the client's secret, or - for standard input; never on the command line.",
)
@click.option("--provider", type=click.Choice([kind.value for kind in ProviderKind]), default="other")
@click.option("--activate", is_flag=True, help="Let people sign in by it at once, without a test login.")
@click.option("--unchecked", is_flag=True, help="With --activate: do not ask the provider first.")
@answers(ProviderError, NothingToTest)
def add_connection(
    *,
    slug: str,
    issuer: str,
    client_id: str,
    secret_file: TextIO,
    provider: str,
    activate: bool,
    unchecked: bool,
) -> Answer:
    """Add an OpenID Connect provider to the organisation SLUG: as a draft, or in use with --activate."""
    tenant = tenant_named(slug)
    secret = secret_file.read().strip()
    if not secret:
        raise Refused("secret_missing", "The file holds no secret.")
    with tenant_work(tenant):
        add = _activate if activate else _draft
        made = add(ProviderKind(provider), issuer, client_id, secret, clock.now())
        if activate and not unchecked:
            check_provider(connection=made)
    state = "in use" if activate else "a draft; it waits for a test login on the sign-in page"
    data = {"id": str(made.id), "state": made.state, "issuer": made.issuer}
    return Answer(data, f"The connection of {slug} is {state}.")


def _activate(kind: ProviderKind, issuer: str, client_id: str, client_secret: str, now: datetime) -> Connection:
    return add_active_connection(
        provider=kind, issuer=issuer, client_id=client_id, client_secret=client_secret, now=now
    )


def _draft(kind: ProviderKind, issuer: str, client_id: str, client_secret: str, now: datetime) -> Connection:
    draft = begin_draft(provider=kind, now=now)
    save_settings(connection=draft, issuer=issuer, client_id=client_id, client_secret=client_secret, now=now)
    return draft
