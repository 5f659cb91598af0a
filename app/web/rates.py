"""How often something may be done: one table, read from top to bottom. `app/web/limits.py` counts.

A closed rate answers 503 when nobody can count, for it keeps somebody from guessing, from filling mailboxes, or from
finding out who is known. An open one then lets everything through, for it only shares the load fairly.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many from one network address, by one account or token, and in one organisation.

    The endpoints of one rate are counted together; `methods` are those that count.
    """

    name: str
    by_address: str = ""
    by_account: str = ""
    by_organisation: str = ""
    opens: bool = False
    methods: tuple[str, ...] = ("POST",)


# A whole company may stand behind one network address, and come on the same morning.
LINKS_ASKED = Rate("links-asked", by_address="60 per 15 minutes")
LINKS_OPENED = Rate("links-opened", by_address="300 per 15 minutes")
TRIPS = Rate("trips", by_address="1200 per 5 minutes", methods=("GET",))
PLACES = Rate("places", by_address="60 per hour")
NAMES_TRIED = Rate("names-tried", by_address="300 per 5 minutes", opens=True)
PASSKEYS_USED = Rate("passkeys-used", by_address="300 per 15 minutes")
RESCUES = Rate("rescues", by_address="30 per 15 minutes")
STAFF_DOOR = Rate("staff-door", by_address="60 per 15 minutes")
UPLOADS = Rate("uploads", by_account="60 per hour", by_organisation="200 per hour", opens=True)
RECORDS = Rate("records", by_account="60 per 15 minutes", opens=True)
TESTS = Rate("tests", by_account="120 per 15 minutes", opens=True, methods=("GET",))
# A provider ends a whole morning's sign-ins from one address; each word is checked by its signature.
BACK_CHANNEL = Rate("back-channel", by_address="3000 per 5 minutes", opens=True)
DISCOVERIES = Rate("discoveries", by_account="120 per 15 minutes", opens=True)
PROVISIONING = Rate(
    "provisioning", by_account="6000 per 5 minutes", opens=True, methods=("GET", "POST", "PUT", "PATCH", "DELETE")
)
# Whoever signs an organisation up may write to any mailbox from then on.
MAILS = Rate("mails", by_account="40 per hour", by_organisation="120 per hour")
EXPORTS = Rate("exports", by_account="20 per hour", opens=True)
OWN_FILES = Rate("own-files", by_account="30 per hour", opens=True, methods=("GET",))

RATES: dict[str, Rate] = {
    "sign_in.ask_link": LINKS_ASKED,
    "sessions.send_link": LINKS_ASKED,
    "sign_in.open_link": LINKS_OPENED,
    "roles.accept": LINKS_OPENED,
    "sign_in.renew_invitation": LINKS_ASKED,
    "roles.invite": MAILS,
    "roles.send_again": MAILS,
    "roles.call_off_recovery": LINKS_OPENED,
    "sign_in.start": TRIPS,
    "sessions.by_provider": TRIPS,
    "sign_in.callback": TRIPS,
    "sign_in.save_draft": DISCOVERIES,
    "sign_in.register": DISCOVERIES,
    "sign_in.start_test": TESTS,
    "sign_in.try_in_use": TESTS,
    "sign_in.start_own_log_in": TESTS,
    "sign_in.sign_out_there": TRIPS,
    "sign_in.back_channel": BACK_CHANNEL,
    "domains.check": RECORDS,
    "break_glass.sign_in_by_passkey": PASSKEYS_USED,
    "break_glass.confirm": PASSKEYS_USED,
    "break_glass.redeem": RESCUES,
    "break_glass.rescue_by_passkey": RESCUES,
    "sign_up.address_names": NAMES_TRIED,
    "sign_up.ask": PLACES,
    "sign_up.ask_where_it_is": PLACES,
    "sign_up.send_mail_again": PLACES,
    "sign_up.change_email": PLACES,
    "sign_up.confirm_place": PLACES,
    "support.sign_in_with_passkey": STAFF_DOOR,
    "support.enrol": STAFF_DOOR,
    "people.create_import": UPLOADS,
    "export.ask": EXPORTS,
    "scim.speak": PROVISIONING,
    "rights.take_along": OWN_FILES,
    "rights.take_own_file": LINKS_OPENED,
}

# Open to everybody, and changing nothing but the browser's own session.
UNCOUNTED = frozenset({"pages.language", "sign_in.sign_out", "support.sign_out"})
