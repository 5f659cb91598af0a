"""Who may do what: one table. A role alone takes no seat."""

from enum import StrEnum

from app.access.permissions import Permission as P  # noqa: N817  the table below is read by its columns


class Role(StrEnum):
    """Roles in an organisation, and the one of Nitor's staff."""

    OWNER = "owner"
    PROGRAMME_LEAD = "programme_lead"
    IT_CONTACT = "it_contact"
    BILLING_CONTACT = "billing_contact"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    MEMBER = "member"
    STAFF = "staff"


ROLES: dict[Role, frozenset[P]] = {
    Role.OWNER: frozenset(
        {
            P.SEE_SET_UP,
            P.SEE_DIRECTORY,
            P.IMPORT_PEOPLE,
            P.MANAGE_SIGN_IN,
            P.ARRANGE_TRAINING,
            P.LAUNCH,
            P.ANSWER_READINESS,
            P.DECIDE_TIME,
            P.SET_MATCHING_RULES,
            P.SEE_FIGURES,
            P.SEE_BILLING,
            P.CHANGE_PLAN,
            P.EXPORT_ORGANISATION,
            P.CLOSE_ORGANISATION,
        }
    ),
    Role.PROGRAMME_LEAD: frozenset(
        {
            P.SEE_SET_UP,
            P.SEE_DIRECTORY,
            P.IMPORT_PEOPLE,
            P.ARRANGE_TRAINING,
            P.LAUNCH,
            P.ANSWER_READINESS,
            P.DECIDE_TIME,
            P.SET_MATCHING_RULES,
            P.SEE_FIGURES,
        }
    ),
    Role.IT_CONTACT: frozenset({P.SEE_SET_UP, P.SEE_DIRECTORY, P.IMPORT_PEOPLE, P.MANAGE_SIGN_IN}),
    Role.BILLING_CONTACT: frozenset({P.SEE_SET_UP, P.SEE_BILLING}),
    Role.EMPLOYEE_REPRESENTATIVE: frozenset({P.SEE_SET_UP, P.SEE_FIGURES}),
    Role.MEMBER: frozenset({P.SEE_WELCOME, P.TAKE_PART, P.KEEP_OWN_RECORDS}),
    Role.STAFF: frozenset({P.SEE_CUSTOMERS, P.APPROVE_CLOSINGS, P.MANAGE_OWN_PASSKEYS}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[P]:
    """Join what several roles allow."""
    return frozenset().union(*(ROLES[role] for role in roles))
