"""What a person may do, a sentence each. Every route names one of these or says why it is public."""

from enum import Enum


class Permission(Enum):
    """The value is the sentence that ARCHITECTURE.md and the refusal page show."""

    SEE_SET_UP = "See how far the set-up is"
    SEE_DIRECTORY = "See the organisation's people directory"
    IMPORT_PEOPLE = "Add, change and import people"
    MANAGE_SIGN_IN = "Connect and change the organisation's sign-in"
    ANSWER_READINESS = "Answer the questions about the organisation's readiness"
    DECIDE_TIME = "Decide how much working time Kamu gets"
    ARRANGE_TRAINING = "Offer Kamu training and say where help is"
    SET_MATCHING_RULES = "Decide on the rules for pairs, and see what they do in numbers"
    SEE_FIGURES = "See figures of how Kamu is doing, five people or more"
    LAUNCH = "Plan the launch and send invitations"
    SEE_BILLING = "See seats, the plan and the coming invoice"
    CHANGE_PLAN = "Choose the plan that the organisation pays"
    EXPORT_ORGANISATION = "Take along all that an owner may see, as one file"
    CLOSE_ORGANISATION = "Ask to close Kamu for good, and call that off"
    SEE_WELCOME = "See one's own Kamu pages"
    TAKE_PART = "Choose, meet and follow up as Kamu or Kaveri"
    KEEP_OWN_RECORDS = "See and correct one's own data, take it along, leave"
    SEE_CUSTOMERS = "See customer organisations and their set-up progress"
    APPROVE_CLOSINGS = "Approve that an organisation is erased, and call that off"
    MANAGE_OWN_PASSKEYS = "Add and remove one's own passkeys"
