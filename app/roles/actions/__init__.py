"""Writes about roles: in one organisation, and, for recoveries, in control."""

from app.roles.actions.change import change_roles, give_role, remove_holder, take_role
from app.roles.actions.hand_over import accept_offer, decline_offer, offer_ownership, take_offer_back
from app.roles.actions.invite import invite_to_roles, open_invitation, send_again

__all__ = [
    "accept_offer",
    "change_roles",
    "decline_offer",
    "give_role",
    "invite_to_roles",
    "offer_ownership",
    "open_invitation",
    "remove_holder",
    "send_again",
    "take_offer_back",
    "take_role",
]
