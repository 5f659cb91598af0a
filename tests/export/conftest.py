"""An organisation in which everything has happened, and the archive of it."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from app.choices.actions import add_veto
from app.choices.models import Veto
from app.export.models import OrganisationExport
from app.goals.actions import add_goal
from app.pairs.actions import add_note
from app.pairs.models import Note, Pair
from app.training.models import HelpContact
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON, Cast, Organisation
from tests.factories.pairs import Two, make_two, member

# The one word that must be found: it shows that looking finds.
SEEN = "Wordseen"
UNSEEN = "Wordunseen"


@dataclass
class Life:
    """An organisation with a pair, a veto, notes and a goal."""

    organisation: Organisation
    duo: Two
    ids: list[UUID]


@pytest.fixture
def life(cast: Cast) -> Life:
    organisation = cast.organisation("alpha")
    duo = make_two(cast, organisation)
    lumi, rauha, halla = duo.kaveri, duo.kamu, member(cast, organisation, "Halla", places=2)
    with tenant_work(organisation.ref):
        goal = add_goal(owner_id=lumi.id, line=UNSEEN, look_back_on=date(2026, 12, 20), now=NOON)
        add_note(pair_id=duo.id, person_id=rauha.id, kind="note", text=UNSEEN, now=NOON)
        add_veto(person_id=lumi.id, other_id=halla.id, now=NOON)
        rauha_row = session().get(type(rauha.person), rauha.id)
        rauha_row.job_title, rauha_row.unit = SEEN, "=HYPERLINK(1)"
        session().get(type(lumi.person), lumi.id).supervisor_id = halla.id
        session().add(HelpContact(name="Occupational health", detail="Call 3100", position=0))
        session().flush()
        private = [session().scalars(select(table.id)).first() for table in (Note, Veto, Pair)]
    return Life(organisation, duo, [goal.id, *private])


@dataclass
class Taken:
    """An archive that was downloaded."""

    data: bytes

    @property
    def packed(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @property
    def manifest(self) -> dict:
        return json.loads(self.packed.read("manifest.json"))

    def text(self, name: str) -> str:
        return self.packed.read(name).decode("utf-8-sig")


def export_of(cast: Cast, organisation: Organisation) -> OrganisationExport:
    """The newest export."""
    with tenant_work(organisation.ref):
        newest = select(OrganisationExport).order_by(OrganisationExport.asked_at.desc()).limit(1)
        return session().scalars(newest).one()


def take(cast: Cast, organisation: Organisation) -> Taken:
    """Ask for an export as the owner, wait for it, download it."""
    browser = cast.signed_in(organisation)
    assert browser.post("/set-up/export").status_code == 303
    cast.run_jobs()
    answer = browser.get(f"/set-up/export/{export_of(cast, organisation).id}/file")
    assert answer.status_code == 200
    return Taken(answer.data)
