"""Another user for a program that refuses to run as root."""

import os
import pwd
import subprocess
from pathlib import Path

from local.errors import LocalError

NOBODY = "nobody"
# Either lets the program walk through directories that only root may enter (a checkout below /root);
# containers often give the second one only.
CAPABILITIES = ("dac_read_search", "dac_override")
# Without this access(2), by which PostgreSQL finds its own files, overlooks the capability.
KEEP_IN_ACCESS = "--securebits=+no_setuid_fixup"


def setpriv_words(program: Path, directory: Path, data: Path) -> list[str]:
    """Return the words for setpriv under which `program` can be run on `data`; none for an ordinary user.

    Raise LocalError when that user cannot reach program or directory, or when the data is another user's.
    """
    if os.geteuid() != 0:
        _refuse_foreign_data(data)
        return []
    user = _owner_of(data)
    plain = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    with_capability = [
        [KEEP_IN_ACCESS, *plain, f"--inh-caps=+{name}", f"--ambient-caps=+{name}"] for name in CAPABILITIES
    ]
    for words in (plain, *with_capability):
        if _reaches(words, program, directory):
            return words
    raise LocalError(
        f"PostgreSQL does not run as root, and the user {user.pw_name} cannot enter {directory}: "
        "move the checkout out of root's home, or start as an ordinary user."
    )


def give_away(*paths: Path) -> None:
    """As root, make the unprivileged user the owner of these paths; an ordinary user keeps them."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(NOBODY)
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def _owner_of(data: Path) -> pwd.struct_passwd:
    owner = data.stat().st_uid if data.exists() else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam(NOBODY)


def _refuse_foreign_data(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise LocalError(f"{data} belongs to another user: start as that user, or remove it.")


def _reaches(words: list[str], program: Path, directory: Path) -> bool:
    # What a shell says about rights can overlook the capability, so only trying tells.
    probe = [
        "setpriv",
        *words,
        "sh",
        "-c",
        'cd "$1" && exec "$2" --version',
        "sh",
        str(directory),
        str(program),
    ]
    return subprocess.run(probe, capture_output=True, check=False, timeout=10).returncode == 0
