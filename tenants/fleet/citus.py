"""The twelve rules that keep an organisation's schema fit to move to a Citus cell, read from SQL.

Eleven are read from rendered migrations here; 2, 5 and 10 also from what applications send. Rule 11, that
correctness does not depend on the role mode, shows in SQL as nobody changing who he is.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tenants.migration_environment import ROLE_MARK

VOLATILE = r"\b(random|gen_random_uuid|uuidv[47]|uuid_generate_\w+|clock_timestamp|timeofday|nextval|setval)\s*\("
# What a migration may write: the version, and the rows that begin a backfill.
_OWN_ROWS = r"(alembic_version|backfill|outbox)\b"
_DDL = r"^(CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|COMMENT ON|REINDEX|VACUUM)\b"

Finds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number and sentence, and what tells a statement that breaks it."""

    number: int
    says: str
    is_broken_by: Finds


def _matches(pattern: str) -> Finds:
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda statement: bool(compiled.search(statement))


def _all(*finds: Finds) -> Finds:
    return lambda statement: all(find(statement) for find in finds)


def _any(*finds: Finds) -> Finds:
    return lambda statement: any(find(statement) for find in finds)


def _not(find: Finds) -> Finds:
    return lambda statement: not find(statement)


_writes_by_chance = _any(
    _matches(rf"^UPDATE\b.*{VOLATILE}"),
    _matches(rf"^(DELETE|INSERT)\b.*\b(WHERE|RETURNING)\b.*{VOLATILE}"),
)
_makes_table = _matches(r"^CREATE\s+TABLE\b")
_alters = _matches(r"^ALTER\s+TABLE\b")
_leaves_the_schema = _matches(r"\b(control|keys|public)\.\w")

RULES = (
    Rule(1, "foreign keys stay inside the schema", _matches(r'\bREFERENCES\s+"?\w+"?\s*\.')),
    Rule(2, "nothing is joined with, or written to, another plane", _leaves_the_schema),
    Rule(
        3,
        "no triggers, rules, inheritance, foreign tables, CREATE TABLE AS, views or partitions",
        _any(
            _matches(
                r"^CREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?(TRIGGER|RULE|FOREIGN|MATERIALIZED|VIEW|RECURSIVE)\b"
            ),
            _all(_makes_table, _matches(r"\bINHERITS\b|\bPARTITION\s+(BY|OF)\b|\bAS\s+(SELECT|TABLE|VALUES|WITH)\b")),
            _matches(r"^SELECT\b.*\bINTO\b"),
            _all(_alters, _matches(r"\b(INHERIT|ATTACH\s+PARTITION)\b")),
        ),
    ),
    Rule(
        4,
        "keys are UUIDs from the application; an identity is bigint and born with its table",
        _any(
            _matches(r"\b(BIG|SMALL)?SERIAL\b|\bCREATE\s+SEQUENCE\b|\bnextval\s*\("),
            _matches(rf"\bDEFAULT\s+{VOLATILE}"),
            _all(_alters, _matches(r"\bAS\s+IDENTITY\b")),
            _matches(r"\b(INTEGER|INT|SMALLINT)\s+[^,]*\bAS\s+IDENTITY\b"),
        ),
    ),
    Rule(5, "no volatile function in UPDATE, in WHERE of a change or in RETURNING", _writes_by_chance),
    Rule(
        6,
        "one subcommand an ALTER, no renamed constraint, no changed type",
        _all(
            _alters,
            _any(
                _matches(r",\s*(ADD|DROP|ALTER|RENAME|VALIDATE|SET)\b"),
                _matches(r"\bRENAME\s+CONSTRAINT\b"),
                _matches(r"\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b"),
            ),
        ),
    ),
    Rule(7, "every table has a primary key", _all(_makes_table, _not(_matches(r"\bPRIMARY\s+KEY\b")))),
    Rule(8, "schemas are made apart from tables", _matches(r"^(CREATE|ALTER|DROP)\s+SCHEMA\b")),
    Rule(
        9,
        "grants name their tables, and only the organisation's own role",
        _any(
            _matches(r"\bON\s+ALL\s+TABLES\b|\bDEFAULT\s+PRIVILEGES\b"),
            _all(_matches(r"^GRANT\b"), _not(_matches(rf"\bTO\s+{ROLE_MARK}\s*$"))),
        ),
    ),
    Rule(10, "definitions come with the login that owns them, not with roles of their own", _matches(r"^\w+\s+ROLE\b")),
    Rule(
        11,
        "nothing depends on which role a cell uses",
        _matches(r"^(SET|RESET)\s+(LOCAL\s+|SESSION\s+)*(ROLE|AUTHORIZATION)\b|set_config\(\s*'role'|\bcurrent_user\b"),
    ),
    Rule(
        12,
        "what is looked up stands in code, not in rows that migrations write",
        _any(_matches(rf"^INSERT\s+INTO\s+(?!{_OWN_ROWS})"), _matches(r"^COPY\b")),
    ),
)
_OF_QUERIES = (
    *(rule for rule in RULES if rule.number in {2, 5}),
    Rule(10, "definitions come with the login that owns them", _matches(_DDL)),
)


def list_broken(statements: Iterable[str]) -> list[str]:
    """Name each rule that a statement of a rendered migration breaks, with the statement's first line."""
    return [_tell(rule, statement) for statement in statements for rule in RULES if rule.is_broken_by(statement)]


def list_broken_by_query(query: str) -> list[str]:
    """Name each rule that breaks a statement which an application sends for one organisation."""
    statement = query.strip()
    return [_tell(rule, statement) for rule in _OF_QUERIES if rule.is_broken_by(statement)]


def _tell(rule: Rule, statement: str) -> str:
    return f"{rule.number}: {rule.says}: {statement.partition(chr(10))[0][:100]}"
