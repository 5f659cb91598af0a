"""What the bench of tenancy says of its values."""

from bench import tenancy
from bench.rows import Row

LOOP = Row("a raw loop", 0.5, "s", tenancy.ANY, tenancy.COMPARED)
FAST, SLOW = (
    Row("by one worker ÷ the raw loop", 1.2, "times", 1.5),
    Row("by two workers ÷ the raw loop", 1.3, "times", 1),
)


def test_what_is_only_compared_with_has_no_target_and_always_holds():
    assert LOOP.holds
    assert "| a raw loop | 0.5 s |  |" in tenancy.tell([LOOP])


def test_what_is_over_its_target_is_named():
    assert (
        "by two workers ÷ the raw loop: 1.3 times" in tenancy.tell([LOOP, FAST, SLOW]).partition("Over the target")[2]
    )
    assert "Every target holds." in tenancy.tell([LOOP, FAST])
