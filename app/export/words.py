"""What an archive holds, in words: for its page, and for the text that lies in it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

FILE_WORDS = {
    "people.csv": _l("The directory, everybody with supervisor and days; it can be brought in again as it is"),
    "people_policy.csv": _l("How long the directory keeps people who have left"),
    "imports.json": _l("The files that people came from: when, by whom, with what outcome"),
    "sign_in.json": _l("The connections to your provider, without their secrets"),
    "domains.csv": _l("Your e-mail domains, and since when they are proved"),
    "sign_in_policy.csv": _l("How people come in, and how long they stay signed in"),
    "directory_groups.csv": _l("Groups of your own directory, and the roles that they give"),
    "readiness.csv": _l("Your answers about readiness"),
    "time.csv": _l("The working time you promised"),
    "training.csv": _l("When you decided on the training"),
    "help.csv": _l("Where you said help is"),
    "rules.csv": _l("The rules for pairs"),
    "launch.csv": _l("The launch, and the words you put before ours"),
    "plan.csv": _l("Your plan"),
    "seats.csv": _l("Seats, day by day"),
    "figures.json": _l("Figures of how Kamu is doing, as they were shown to you"),
}


def read_me(organisation: str) -> str:
    """Write the text that lies in the archive, in the reader's language."""
    manifest = {"manifest.json": _("When this was read, and each file with its rows and SHA-256")}
    files = "\n".join(f"{name}\n    {words}" for name, words in {**FILE_WORDS, **manifest}.items())
    return "\n".join(
        (
            _("Kamu: everything an owner of %(organisation)s may see", organisation=organisation),
            "",
            files,
            "",
            whats_not_in_it(),
            "",
        )
    )


def whats_not_in_it() -> str:
    """Say what no export holds, and where it is."""
    return _(
        "Who takes part, pairs, wishes, meetings, training and whatever people wrote are not in it: you see none of"
        " that on any page either. Everybody can take their own things along from their own page."
    )
