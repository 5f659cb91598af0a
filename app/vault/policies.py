"""Which space a text lives in. Each has a key of its own."""

from uuid import UUID, uuid5

OWN_SPACES = UUID("0f6d3b0a-8a53-5d5e-9b0e-5a1d4a6f2c01")
PAIR_SPACES = UUID("0f6d3b0a-8a53-5d5e-9b0e-5a1d4a6f2c02")


def own_space(person_id: UUID) -> UUID:
    """Where a person's goals and follow-ups live, and whatever else they write for themselves."""
    return uuid5(OWN_SPACES, str(person_id))


def pair_space(pair_id: UUID, author_id: UUID) -> UUID:
    """Where one of the two keeps what they write in a pair.

    Each half has its own key, so that one of them can shred theirs for good while the other keeps their own.
    """
    return uuid5(PAIR_SPACES, f"{pair_id}|{author_id}")
