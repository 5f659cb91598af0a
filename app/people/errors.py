"""What can be wrong with a file, an import or a change by hand. Each error states the fact."""


class FileRefused(Exception):
    """The file as a whole cannot be read as people."""


class FileIsEmpty(FileRefused):
    """There is nothing in the file, or only blank lines."""


class FileHasOnlyHeader(FileRefused):
    """There are column names and no rows."""


class FileIsWorkbook(FileRefused):
    """A spreadsheet as its program saves it (xlsx, xls, ods, numbers)."""


class FileIsPdf(FileRefused):
    """A PDF document."""


class FileIsArchive(FileRefused):
    """A zip or another archive that holds no spreadsheet."""


class FileIsNotText(FileRefused):
    """Bytes that no known text encoding explains."""


class FileIsMarkup(FileRefused):
    """A web page, XML or JSON instead of rows and columns."""


class FileIsTooLarge(FileRefused):
    """More bytes than are taken."""

    def __init__(self, most: int) -> None:
        """Keep `most`, in bytes."""
        super().__init__(most)
        self.most = most


class FileHasTooManyRows(FileRefused):
    """More rows than one import takes."""

    def __init__(self, rows: int, most: int) -> None:
        """Keep how many there are and how many are taken."""
        super().__init__(rows, most)
        self.rows = rows
        self.most = most


class FileHasTooManyColumns(FileRefused):
    """More columns than any staff list has; often a wrong delimiter."""

    def __init__(self, columns: int, most: int) -> None:
        """Keep how many there are and how many are taken."""
        super().__init__(columns, most)
        self.columns = columns
        self.most = most


class QuoteIsNotClosed(FileRefused):
    """A quotation mark opens in a row and the file ends before it closes."""

    def __init__(self, row: int) -> None:
        """Keep the row in which it opens, counted as a spreadsheet does."""
        super().__init__(row)
        self.row = row


class MappingIsWrong(Exception):
    """Two columns were given the same meaning."""

    def __init__(self, field: str) -> None:
        """Keep the meaning that was given twice."""
        super().__init__(field)
        self.field = field


class ImportIsUnderWay(Exception):
    """Another import of this organisation is being taken in."""


class ImportIsClosed(Exception):
    """The import was taken in, thrown away or undone, so it cannot change any more."""


class NothingToTakeIn(Exception):
    """No row of the file can be taken in, or a question about the file is open."""


class TooLateToUndo(Exception):
    """The seven days are over, or a newer import stands on this one."""


class EmailIsTaken(Exception):
    """Somebody else in the directory has this e-mail address."""


class NumberIsTaken(Exception):
    """Somebody else in the directory has this employee number."""


class UserNameIsTaken(Exception):
    """Somebody else in the directory has this user name."""


class ExternalIdIsTaken(Exception):
    """Somebody else in the directory has this identifier of the organisation's own directory."""


class SupervisorGoesRound(Exception):
    """The chosen supervisor stands, directly or not, under the person."""


class PersonIsInUse(Exception):
    """The person was invited or has an account, so only a last day ends their place."""


class PersonIsProvisioned(Exception):
    """The organisation's own directory keeps the person, so only it takes them out."""
