"""An organisation with something behind every door: what the routes' addresses name is made when a route asks for it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from sqlalchemy import select

from app.access.models import Account
from app.access.queries import find_account_by_email
from app.access.roles import Role
from app.break_glass.queries import list_passkeys
from app.clock import now
from app.domains.actions import add_domain
from app.export.models import OrganisationExport
from app.links import seal
from app.matching.models import Ask
from app.matching.policies.asking import told_at
from app.pairs.models import Meeting, Note
from app.people.models import Person
from app.people.queries import find_person_by_email, get_import
from app.roles.models import OwnerRecovery
from app.scim.models import ScimToken
from app.sign_in.actions import begin_draft, make_login_link, save_settings
from app.sign_in.actions.ask_to_come_in import ask_to_come_in
from app.sign_in.models import Connection, Identity, Invitation, LoginLink, ProviderKind
from app.support.models import Staff
from tenants.models import new_id
from tenants.unit_of_work import control_work, session, tenant_work
from tests.break_glass.ways import add, codes_of, device_of
from tests.cast import Cast, Organisation
from tests.factories.browsers import Browser
from tests.factories.launches import second_owner
from tests.factories.pairs import Two, make_two
from tests.factories.policies import time_decided
from tests.factories.rosters import id_of, roster, send, staff
from tests.factories.sign_in import connect, invite
from tests.factories.training import offer_training
from tests.scim.directories import DirectorySeat
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider

SEE_OTHER = 303


@dataclass
class Rooms:
    """One organisation. Whatever is read from it stays the same for the rest of the test."""

    cast: Cast
    organisation: Organisation
    provider: HostileProvider

    @property
    def slug(self) -> str:
        return self.organisation.slug

    @cached_property
    def owner(self) -> Browser:
        return self.cast.signed_in(self.organisation)

    @cached_property
    def member(self) -> Browser:
        return self.cast.employee(self.organisation)[0]

    @property
    def owner_email(self) -> str:
        return f"owner@{self.slug}.example"

    @cached_property
    def rescue_code(self) -> str:
        return codes_of(self.cast, self.organisation)[0]

    @cached_property
    def passkey(self) -> UUID:
        assert add(self.owner, device_of(self.cast, self.organisation)).status_code == SEE_OTHER
        with tenant_work(self.organisation.ref):
            return list_passkeys(self.organisation.owner_id)[0].id

    @cached_property
    def person(self) -> Person:
        return self.cast.person(self.organisation.ref, f"petri@{self.slug}.example", given_name="Petri")

    @cached_property
    def file(self) -> UUID:
        """A file of people that waits to be taken in; one row was left out."""
        import_id = id_of(send(self.owner, roster(staff(4, domain=f"{self.slug}.example"))))
        assert self.owner.post(f"/people/imports/{import_id}/left-out", {"rows": "4"}).status_code == 303
        return import_id

    @cached_property
    def file_taken_in(self) -> UUID:
        assert self.owner.post(f"/people/imports/{self.file}/intake").status_code == 303
        self.cast.run_jobs()
        return self.file

    @cached_property
    def duo(self) -> Two:
        """A pair, with a meeting, a note and a goal of the Kaveri."""
        return make_two(self.cast, self.organisation)

    @cached_property
    def kaveri(self) -> Browser:
        return self.duo.kaveri.browser

    @cached_property
    def meeting(self) -> str:
        """The address of a meeting."""
        form = {"day": self.tomorrow_day, "at": "14:00", "place": "By the river"}
        assert self.kaveri.post(f"{self.duo.path}/meetings", form).status_code == SEE_OTHER
        with tenant_work(self.organisation.ref):
            return f"{self.duo.path}/meetings/{session().scalars(select(Meeting.id)).first()}"

    @cached_property
    def note(self) -> str:
        """The address of a note."""
        assert self.kaveri.post(f"{self.duo.path}/notes", {"note": "It went well."}).status_code == SEE_OTHER
        with tenant_work(self.organisation.ref):
            return f"{self.duo.path}/notes/{session().scalars(select(Note.id)).first()}"

    @cached_property
    def goal(self) -> str:
        """The address of a goal."""
        form = {"line": "Say no to one thing a week", "back": "month"}
        return urlsplit(self.kaveri.post("/goals", form).location).path

    @cached_property
    def reached_goal(self) -> str:
        """The address of a goal that was closed."""
        assert self.kaveri.post(f"{self.goal}/reached").status_code == SEE_OTHER
        return self.goal

    @property
    def tomorrow_day(self) -> str:
        return (now() + timedelta(days=1)).date().isoformat()

    @property
    def columns(self) -> dict[str, str]:
        """The form that says what each column is, as it stands."""
        with tenant_work(self.organisation.ref):
            mapping = get_import(self.file).mapping
        return {f"column-{place}": field or "" for place, field in enumerate(mapping)}

    @cached_property
    def connection(self) -> Connection:
        return connect(self.organisation, self.provider)

    @cached_property
    def draft(self) -> Connection:
        """A connection that was tried and can be put in use."""
        with tenant_work(self.organisation.ref):
            draft = begin_draft(provider=ProviderKind.OTHER, now=now())
            session().flush()
            save_settings(
                connection=draft,
                issuer=self.provider.issuer,
                client_id=CLIENT_ID,
                client_secret=CLIENT_SECRET,
                now=now(),
            )
            draft.tested_at = now()
        return draft

    @cached_property
    def invitation(self) -> str:
        assert self.connection
        return invite(self.organisation, self.person).rsplit("/", 1)[-1]

    @cached_property
    def login_link(self) -> str:
        with tenant_work(self.organisation.ref):
            link = make_login_link(account_id=self.organisation.owner_id, browser=None, now=now())
            session().flush()
            return seal("login-link", link.id)

    @cached_property
    def file_link(self) -> str:
        """The link to the own things of somebody who has left."""
        account_id = self.duo.kaveri.account.id
        with tenant_work(self.organisation.ref):
            made = {"created_at": now(), "expires_at": now() + timedelta(days=30)}
            link = LoginLink(id=new_id(), account_id=account_id, purpose="own-file", **made)
            session().add(link)
            return seal("own-file", link.id)

    @cached_property
    def role_holder(self) -> Account:
        """Somebody with a role, to whom the ownership is offered."""
        account = self.cast.account(self.organisation.ref, f"aino@{self.slug}.example", Role.IT_CONTACT)
        assert self.owner.post(f"/set-up/roles/{account.id}/offer", {"stays": "yes"}).status_code == SEE_OTHER
        return account

    @cached_property
    def role_newcomer(self) -> Account:
        """Somebody who was invited to a role and has not come in."""
        form = {"name": "Petra", "email": f"petra@{self.slug}.example", "roles": "it_contact", "language": "en"}
        assert self.owner.post("/set-up/roles/new", form).status_code == SEE_OTHER
        with tenant_work(self.organisation.ref):
            found = find_account_by_email(form["email"])
        assert found
        return found

    @cached_property
    def role_invitation(self) -> str:
        links = select(LoginLink.id).where(LoginLink.account_id == self.role_newcomer.id)
        with tenant_work(self.organisation.ref):
            return seal("role-invitation", session().scalars(links).one())

    @cached_property
    def bounced_person(self) -> Person:
        """Somebody whose address takes no mail."""
        assert self.invitation
        with tenant_work(self.organisation.ref):
            row = session().scalars(select(Invitation).where(Invitation.person_id == self.person.id)).one()
            row.sent_at, row.sent_to, row.bounced_at = None, None, now()
        return self.person

    @cached_property
    def recovery(self) -> str:
        """The link by which somebody with a role calls a recovery off."""
        at, asked_by, approved_by = now(), new_id(), new_id()
        with control_work() as control:
            for staff_id in (asked_by, approved_by):
                control.add(Staff(id=staff_id, email=f"{staff_id}@nitor.example", name="Routa", created_at=at))
            control.flush()
            values = {"email": "aino@new.example", "name": "Aino", "reference": "A-1", "asked_at": at}
            staff = {"asked_by": asked_by, "approved_by": approved_by, "opens_at": at + timedelta(days=7)}
            row = OwnerRecovery(id=new_id(), tenant_id=self.organisation.ref.id, **values, **staff)
            control.add(row)
        return seal(f"owner-recovery-{row.id}", self.organisation.owner_id)

    @cached_property
    def directory(self) -> DirectorySeat:
        """The organisation's own directory, with its token."""
        return DirectorySeat(self.cast.app, self.organisation)

    @cached_property
    def scim_token(self) -> UUID:
        assert self.directory
        with tenant_work(self.organisation.ref):
            return session().scalars(select(ScimToken.id).order_by(ScimToken.id)).first()

    @cached_property
    def scim_group(self) -> UUID:
        return UUID(self.directory.add("Groups", displayName="Helpers")["id"])

    @cached_property
    def taker(self) -> Browser:
        return self.cast.signed_in(self.organisation, self.role_holder.id)

    @cached_property
    def callback(self) -> str:
        """The address to which the provider sends an invited person back."""
        assert self.invitation
        browser = self.visitor
        browser.get(f"/invitations/{self.invitation}")
        out = browser.get("/sign-in/start")
        asked = parse_qs(urlsplit(out.location).query)
        back = self.provider.visit(out.location)
        return urlsplit(asked["redirect_uri"][0]).path + "?" + urlencode(back)

    @cached_property
    def question(self) -> UUID:
        """A question to the member, which waits for an answer."""
        assert self.member
        at, kaveri = now(), self.person
        with tenant_work(self.organisation.ref):
            kamu = find_person_by_email(f"ilta@{self.slug}.example")
            ask = Ask(id=new_id(), kamu_id=kamu.id, kaveri_id=kaveri.id, asked_at=at, lapses_at=told_at(at))
            session().add(ask)
        return ask.id

    @cached_property
    def training(self) -> bool:
        """The training is offered here."""
        return bool(offer_training(self.organisation))

    @cached_property
    def visitor(self) -> Browser:
        return self.cast.browser(self.organisation)

    @cached_property
    def export(self) -> UUID:
        """A file of everything that is ready to be taken along."""
        assert self.owner.post("/set-up/export").status_code == SEE_OTHER
        self.cast.run_jobs()
        with tenant_work(self.organisation.ref):
            return session().scalars(select(OrganisationExport.id)).one()

    @cached_property
    def arrival(self) -> UUID:
        """Somebody who asks to come in."""
        claims = {"name": "Ella Salo", "email": f"ella@{self.slug}.example"}
        connection_id = self.connection.id
        with tenant_work(self.organisation.ref):
            ask_to_come_in(connection_id=connection_id, subject="ella", claims=claims, now=now())
            return session().scalars(select(Identity.id).where(Identity.subject == "ella")).one()

    @cached_property
    def domain(self) -> UUID:
        """A domain that waits for its record."""
        with tenant_work(self.organisation.ref):
            return add_domain(name=f"{self.slug}.example", now=now()).id

    @property
    def tomorrow(self) -> str:
        """The day after today, for the form of a launch; whatever a launch needs is there."""
        assert self.connection
        assert self.person
        time_decided(self.organisation)
        second_owner(self.organisation)
        return (now() + timedelta(days=1)).date().isoformat()
