"""Which domains an organisation can have, what its record says, and how long it may be missing."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from app.domains.errors import NotADomain
from app.domains.models import Domain

AT_MOST = 50
# A record that is gone may be a slip of whoever keeps the name servers.
MISSING_FOR = timedelta(days=7)
LOOKED_FOR = timedelta(days=7)
MAILS_A_DAY = 3
SEARCH_KEPT = timedelta(days=1)
RECORD = "_kamu-challenge"
VALUE = "kamu-verification="
LONGEST = 253 - len(RECORD) - 1

# Everybody can get an address there: the domain says nothing of where somebody works.
_FREE_MAIL = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com
    proton.me protonmail.com pm.me gmx.com gmx.net gmx.de web.de aol.com mail.com zoho.com fastmail.com tutanota.com
    tuta.io yandex.com yandex.ru mail.ru qq.com 163.com luukku.com suomi24.fi elisanet.fi kolumbus.fi saunalahti.fi
    welho.com netti.fi pp.inet.fi telia.com hotmail.fi hotmail.se outlook.fi yahoo.se hey.com duck.com
"""
# Names under which others register theirs.
_SUFFIXES = """
    co.uk org.uk ac.uk gov.uk ltd.uk plc.uk com.au net.au org.au co.nz com.br co.jp ne.jp com.cn com.tr co.in com.mx
    com.sg com.hk co.kr co.za com.pl com.ua github.io gitlab.io herokuapp.com vercel.app netlify.app azurewebsites.net
    cloudfront.net amazonaws.com onmicrosoft.com myshopify.com blogspot.com web.app firebaseapp.com pages.dev
"""
FREE_MAIL, SUFFIXES = frozenset(_FREE_MAIL.split()), frozenset(_SUFFIXES.split())
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class DomainState(StrEnum):
    """What is so about a domain; a missing one still counts as verified, for seven days."""

    WAITING = "waiting"
    VERIFIED = "verified"
    MISSING = "missing"
    LOST = "lost"


def state_of(domain: Domain) -> DomainState:
    """Tell how it stands with a domain."""
    if domain.verified_at is None:
        return DomainState.LOST if domain.lost_at else DomainState.WAITING
    return DomainState.MISSING if domain.lost_at else DomainState.VERIFIED


def is_missing_too_long(domain: Domain, now: datetime) -> bool:
    """Whether the record of a verified domain has been missing for its seven days."""
    return domain.lost_at is not None and now - domain.lost_at >= MISSING_FOR


def read_domain(text: str) -> str:
    """The name of a domain as it is typed or pasted, also out of an e-mail address; raises NotADomain."""
    name = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        name = name.encode("idna").decode()
    except UnicodeError as error:
        raise NotADomain("form") from error
    labels = name.split(".")
    facts = (
        ("form", not all(_LABEL.fullmatch(label) for label in labels) or len(name) > LONGEST),
        ("dot", len(labels) < 2 or labels[-1].isdecimal()),
        ("free-mail", name in FREE_MAIL),
        ("suffix", name in SUFFIXES),
    )
    for fact, holds in facts:
        if holds:
            raise NotADomain(fact)
    return name


def record_names(name: str) -> tuple[str, str]:
    """Where the record may stand: at a name of its own, or at the domain itself."""
    return f"{RECORD}.{name}", name


def record_value(token: str) -> str:
    """The text that the record has to hold."""
    return VALUE + token


def domain_of(email: str) -> str:
    """The part of an e-mail address behind the @, in small letters."""
    return email.strip().lower().rpartition("@")[2]
