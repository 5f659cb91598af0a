"""Facts about planes, tenants and rows that callers may act on."""


class NotHere(LookupError):
    """A row that was asked for by id does not exist in this plane; a page answers it with 404."""


class NoUnitOfWork(RuntimeError):
    """A session was asked for outside a unit of work."""


class AlreadyInUnitOfWork(RuntimeError):
    """A unit of work was opened inside another one that writes: each writes one plane and one tenant."""


class ForeignPlane(RuntimeError):
    """A flush held a row of another plane than the unit of work's own."""


class NoDoor(RuntimeError):
    """A transaction began without saying which schema and role it is for."""


class WrongDoor(RuntimeError):
    """After the door was set, the database named another schema or role than the one asked for."""


class NoSlotReady(RuntimeError):
    """The warm pool is empty and this process may not build; a refill has been asked for."""


class SlugTaken(ValueError):
    """Another organisation holds this address name."""


class NeverFinished(RuntimeError):
    """A piece of work ended each process that took it up."""


class UnknownJob(LookupError):
    """An outbox row names a job that no module has."""


class TenantNotServed(RuntimeError):
    """The organisation exists, but its status or its schema revision is one this process does not serve."""


class TenantSuspended(RuntimeError):
    """The organisation is closed for the time being; ``name`` is what its page may tell."""

    def __init__(self, name: str) -> None:
        super().__init__("the organisation is closed for the time being")
        self.name = name


class WrongStatus(RuntimeError):
    """The organisation is in another state of its life than this takes: not open yet, or erased."""


class StillInUse(RuntimeError):
    """A schema was to be dropped that an organisation has, or before its time."""


class BackupIsDamaged(ValueError):
    """The file is no whole backup: a part of it is missing, or is not what was written."""


class BackupIsOfAnother(ValueError):
    """The backup is not of the organisation that was named."""


class BackupIsNewer(ValueError):
    """The backup was written by a newer application, at a revision that this one does not know."""


class CannotRestore(RuntimeError):
    """The organisation is not open yet, is being erased, or its schema is not at the newest revision."""
