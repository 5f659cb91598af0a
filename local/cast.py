"""The invented people of the demo, and the ways in that bin/dev prints."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from local.options import Options
from local.provider import CLIENT_ID, PASSWORD, Person


@dataclass(frozen=True)
class Place:
    """One invented organisation: its address name, its name, and the file of its people."""

    slug: str
    name: str

    @property
    def people_file(self) -> Path:
        """Its roster, as a directory would export it."""
        return Path(__file__).parent / f"{self.slug}.csv"

    def email(self, user_name: str) -> str:
        """Return the address of one of its people."""
        return f"{user_name}@{self.slug}.example"

    def read_people(self) -> list[dict[str, str]]:
        """Return the rows of the roster by column name."""
        with self.people_file.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


# One lives with Kamu since some weeks, the other is half way through the set-up.
LIVE = Place("saarnikoski", "Saarnikoski")
HALF = Place("ekvalla", "Ekvalla")
PLACES = (LIVE, HALF)

OWNER, LEAD, NEWCOMER = "meri.aaltola", "otso.kivela", "sarka.novakova"
KAVERI, KAMU = "elias.bjorkman", "vaino.kallionpaa"
HALF_OWNER = "mirjami.lehdesoja"
# Roles beside the one that everybody has who is in the directory.
ROLES: dict[str, tuple[str, ...]] = {
    OWNER: ("owner",),
    LEAD: ("owner", "programme_lead"),
    "tapio.rautakorpi": ("it_contact",),
    "helena.ruoholahti": ("billing_contact",),
    "lucja.zielinska": ("employee_representative",),
    KAVERI: (),
    KAMU: (),
}
# Their first day is still to come, so that whoever tries Kamu can live it.
OUTSIDE = frozenset({NEWCOMER, "yara.haddad", "tuomas.taivalmaa"})
STAFF_EMAIL = "staff@kamu.example"


def provider_people() -> list[Person]:
    """Return everybody of the demo as the local provider knows them, and a few people of nowhere.

    The latter serve organisations that somebody signs up by hand: their addresses end in "example.com".
    """
    people = [_person(row) for place in PLACES for row in place.read_people()]
    strangers = [("kaisa", "Kaisa", "Virtapuro"), ("robin", "Robin", "Sandell"), ("noor", "Noor", "Haddad")]
    people += [Person(user, given, family, f"{user}@example.com") for user, given, family in strangers]
    return people


def describe_ways_in(options: Options) -> str:
    """Return what bin/dev prints at the end: where to click and as whom."""
    host = options.base_host
    lines = [
        f"Start           http://{host}/",
        "                sign up an organisation of your own",
        *(_describe_demo(host) if options.demo else []),
        f"Nitor's staff   {_staff_link(options)}",
        f"Mails           http://localhost:{options.mail_port}/",
        "                every mail that Kamu sends",
        "",
        *_describe_provider(options),
        "",
        f"Logs are in {options.directory / 'logs'}; Ctrl-C ends everything, data is kept.",
    ]
    return "\n".join(lines)


def _describe_demo(host: str) -> list[str]:
    return [
        f"{LIVE.name}     http://{LIVE.slug}.{host}/",
        f"                Kamu has begun; sign in with the password: {PASSWORD}",
        f"                  {OWNER:<18} the owner",
        f"                  {LEAD:<18} leads the programme",
        f"                  {KAVERI:<18} a Kaveri who has a Kamu",
        f"                  {KAMU:<18} a Kamu with Kaveris, and somebody who asks",
        f"                  {NEWCOMER:<18} an employee's first day: begin with the invitation",
        f"                  {'':<18} to {LIVE.email(NEWCOMER)} among the mails",
        f"{HALF.name}         http://{HALF.slug}.{host}/",
        f"                half set up; the owner comes in by a link to {HALF.email(HALF_OWNER)}",
    ]


def _describe_provider(options: Options) -> list[str]:
    seed = json.loads((options.directory / "provider.json").read_text(encoding="utf-8"))
    return [
        f"For the sign-in step of {HALF.name} or of your own organisation:",
        f"  issuer         http://localhost:{options.provider_port}",
        f"  client id      {CLIENT_ID}",
        f"  client secret  {seed['client_secret']}",
        f"  people         kaisa, robin, noor (…@example.com), password: {PASSWORD}",
    ]


def _person(row: dict[str, str]) -> Person:
    email = row["E-mail"]
    return Person(email.partition("@")[0], row["Given name"], row["Family name"], email, row["Language"])


def _staff_link(options: Options) -> str:
    file = options.directory / "staff-link"
    if file.exists():
        return file.read_text(encoding="utf-8").strip() + "   enrols a passkey, once"
    return f"http://staff.{options.base_host}/   with the passkey that you enrolled here"
