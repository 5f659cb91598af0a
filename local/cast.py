"""The invented people of the demo, and the ways in that bin/dev prints."""

import csv
import json
from pathlib import Path

from local.options import Options
from local.provider import CLIENT_ID, PASSWORD, Person

PEOPLE_FILE = Path(__file__).parent / "saarnikoski.csv"
SLUG, NAME = "saarnikoski", "Saarnikoski"
DOMAIN = "saarnikoski.example"
OWNER, EMPLOYEE = "meri.aaltola", "sarka.novakova"
# Who has signed in before bin/dev prints anything, and in which roles.
INSIDE = {
    OWNER: ("owner", "member"),
    "otso.kivela": ("owner", "programme_lead", "member"),
    "tapio.rautakorpi": ("it_contact", "member"),
    "elias.bjorkman": ("member",),
}
STAFF_EMAIL = "staff@kamu.example"


def read_people() -> list[dict[str, str]]:
    """Return the rows of the demo's roster by column name."""
    with PEOPLE_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def provider_people() -> list[Person]:
    """Return everybody of the demo as the local provider knows them, and a few people of nowhere.

    The latter serve organisations that somebody signs up by hand: their addresses end in "example.com".
    """
    people = [_person(row) for row in read_people()]
    strangers = [("kaisa", "Kaisa", "Virtapuro"), ("robin", "Robin", "Sandell"), ("noor", "Noor", "Haddad")]
    people += [Person(user, given, family, f"{user}@example.com") for user, given, family in strangers]
    return people


def describe_ways_in(options: Options) -> str:
    """Return what bin/dev prints at the end: where to click and as whom."""
    seed = json.loads((options.directory / "provider.json").read_text(encoding="utf-8"))
    host = options.base_host
    lines = [
        f"Start           http://{host}/",
        "                sign up an organisation of your own",
        f"{NAME}     http://{SLUG}.{host}/",
        f"                {OWNER} (owner) or elias.bjorkman (employee), password: {PASSWORD}",
        f"                an employee's first day: open the invitation of {EMPLOYEE}@{DOMAIN}",
        f"                among the mails and sign in as {EMPLOYEE}, the same password",
        f"Nitor's staff   {_staff_link(options)}",
        f"Mails           http://localhost:{options.mail_port}/",
        "                every mail that Kamu sends",
        "",
        "For the sign-in step of your own organisation:",
        f"  issuer         http://localhost:{options.provider_port}",
        f"  client id      {CLIENT_ID}",
        f"  client secret  {seed['client_secret']}",
        f"  people         kaisa, robin, noor (…@example.com), password: {PASSWORD}",
        "",
        f"Logs are in {options.directory / 'logs'}; Ctrl-C ends everything, data is kept.",
    ]
    return "\n".join(lines)


def _person(row: dict[str, str]) -> Person:
    email = row["E-mail"]
    return Person(email.partition("@")[0], row["Given name"], row["Family name"], email, row["Language"])


def _staff_link(options: Options) -> str:
    file = options.directory / "staff-link"
    if file.exists():
        return file.read_text(encoding="utf-8").strip() + "   enrols a passkey, once"
    return f"http://staff.{options.base_host}/   with the passkey that you enrolled here"
