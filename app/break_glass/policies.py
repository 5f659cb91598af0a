"""Codes on paper: how they look, how they are read back, and who may come in by what."""

import hashlib
import secrets

from app.access.actor import Actor
from app.access.roles import Role

CODES = 10
GROUPS, GROUP = 4, 4
# Crockford's letters and digits: none that is taken for another on paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a code of 80 random bits, in groups that are easy to type."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest_of(code: str) -> str:
    """Return what is kept of a code, however it was typed: in small letters, without its lines, O for 0."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_TAKEN_FOR)
    return hashlib.sha256(f"kamu.rescue:{letters}".encode()).hexdigest()


def may_be_rescued(who: Actor | None) -> bool:
    """Whether somebody may come in when the sign-in fails: owners, and nobody else."""
    return who is not None and Role.OWNER in who.roles


def may_use_passkey(who: Actor | None, *, is_enforced: bool) -> bool:
    """Whether a passkey is an ordinary way in: for invited roles, until the provider is the only way in."""
    return who is not None and not is_enforced and bool(who.roles - {Role.MEMBER})
