"""What a column can mean to Kamu, and what Kamu never reads."""

from enum import StrEnum
from typing import Final


class Field(StrEnum):
    """What a column of the file is taken as."""

    EMPLOYEE_NUMBER = "employee_number"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    JOB_TITLE = "job_title"
    UNIT = "unit"
    SITE = "site"
    LANGUAGE = "language"
    SUPERVISOR_NUMBER = "supervisor_number"
    SUPERVISOR_EMAIL = "supervisor_email"
    SUPERVISOR_NAME = "supervisor_name"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"


class Private(StrEnum):
    """What a column looks like when it is left shut."""

    PAY = "pay"
    APPRAISAL = "appraisal"
    IDENTITY_NUMBER = "identity_number"
    BIRTH = "birth"
    HEALTH = "health"
    GENDER = "gender"
    HOME = "home"
    PHONE = "phone"
    BANK = "bank"
    FAMILY = "family"
    BELIEF = "belief"
    SECRET = "secret"  # noqa: S105  (a kind of column, no password)


DATES: Final = (Field.STARTS_ON, Field.ENDS_ON)
SUPERVISORS: Final = (Field.SUPERVISOR_NUMBER, Field.SUPERVISOR_EMAIL, Field.SUPERVISOR_NAME)
NAMES: Final = (Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME)
LANGUAGES: Final = ("fi", "sv", "en")
LONGEST: Final[dict[Field, int]] = {
    Field.EMPLOYEE_NUMBER: 64,
    Field.GIVEN_NAME: 100,
    Field.FAMILY_NAME: 100,
    Field.FULL_NAME: 200,
    Field.EMAIL: 254,
    Field.JOB_TITLE: 200,
    Field.UNIT: 200,
    Field.SITE: 200,
}

Mapping = tuple[Field | None, ...]
