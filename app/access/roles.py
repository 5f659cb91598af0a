"""Who may do what: one table. A role alone takes no seat."""

from enum import StrEnum

from app.access.permissions import Permission as P  # noqa: N817  the table below is read by its columns


class Role(StrEnum):
    """Roles in an organisation, the one of Nitor's staff, and two that nobody is given.

    `RESCUER`: an owner who came in by rescue code or passkey. `DIRECTORY`: a token of the organisation's own directory.
    """

    OWNER = "owner"
    PROGRAMME_LEAD = "programme_lead"
    IT_CONTACT = "it_contact"
    BILLING_CONTACT = "billing_contact"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    MEMBER = "member"
    STAFF = "staff"
    RESCUER = "rescuer"
    DIRECTORY = "directory"


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
            P.MANAGE_PROVISIONING,
            P.MANAGE_ROLES,
            P.LET_IN,
            P.END_SESSIONS,
            P.KEEP_OWN_SIGN_INS,
            P.KEEP_RESCUE,
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
            P.LET_IN,
            P.KEEP_OWN_SIGN_INS,
            P.KEEP_RESCUE,
        }
    ),
    Role.IT_CONTACT: frozenset(
        {
            P.SEE_SET_UP,
            P.SEE_DIRECTORY,
            P.IMPORT_PEOPLE,
            P.MANAGE_SIGN_IN,
            P.MANAGE_PROVISIONING,
            P.END_SESSIONS,
            P.KEEP_OWN_SIGN_INS,
            P.KEEP_RESCUE,
        }
    ),
    Role.BILLING_CONTACT: frozenset({P.SEE_SET_UP, P.SEE_BILLING, P.KEEP_OWN_SIGN_INS, P.KEEP_RESCUE}),
    Role.EMPLOYEE_REPRESENTATIVE: frozenset({P.SEE_SET_UP, P.SEE_FIGURES, P.KEEP_OWN_SIGN_INS, P.KEEP_RESCUE}),
    Role.MEMBER: frozenset({P.SEE_WELCOME, P.TAKE_PART, P.KEEP_OWN_RECORDS, P.KEEP_OWN_SIGN_INS}),
    Role.STAFF: frozenset({P.SEE_CUSTOMERS, P.APPROVE_CLOSINGS, P.MANAGE_OWN_PASSKEYS, P.RECOVER_OWNERS}),
    Role.RESCUER: frozenset({P.MANAGE_SIGN_IN}),
    Role.DIRECTORY: frozenset({P.PROVISION_PEOPLE}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[P]:
    """Join what several roles allow."""
    return frozenset().union(*(ROLES[role] for role in roles))
