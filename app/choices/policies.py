"""What a person can choose from. Keys are stored; `words` names them in the reader's language."""

from enum import StrEnum

TOPICS = (
    "new_here",
    "changing_roles",
    "customer_work",
    "balance",
    "workload",
    "saying_no",
    "working_together",
    "confidence",
    "learning",
    "life_changes",
)
WAYS = ("walk", "coffee", "video", "phone")
LANGUAGES = ("fi", "sv", "en", "et", "da", "nb", "de", "fr", "es", "pl", "ru", "uk")
MOST_PLACES = 5
LONGEST_INTRODUCTION = 400
SHORTEST_SEARCH = 2
MOST_FOUND = 8


class Want(StrEnum):
    """How somebody would like to take part."""

    KAMU = "kamu"
    BE_ONE = "be_one"
    BOTH = "both"
    NOT_NOW = "not_now"

    @classmethod
    def of(cls, *, wants_kamu: bool, offers_kamu: bool) -> "Want":
        """Tell which one two yes-or-noes mean."""
        return {
            (True, True): cls.BOTH,
            (True, False): cls.KAMU,
            (False, True): cls.BE_ONE,
            (False, False): cls.NOT_NOW,
        }[wants_kamu, offers_kamu]

    @property
    def wants_kamu(self) -> bool:
        """Whether they would like a Kamu."""
        return self in {Want.KAMU, Want.BOTH}

    @property
    def offers_kamu(self) -> bool:
        """Whether they would like to be one."""
        return self in {Want.BE_ONE, Want.BOTH}
