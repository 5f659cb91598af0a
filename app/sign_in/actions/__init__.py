"""Writes of the sign-in, in the current organisation."""

from app.sign_in.actions.change_connection import Decided, change_connection
from app.sign_in.actions.come_in import begin_login, come_in
from app.sign_in.actions.connect_provider import (
    activate,
    add_active_connection,
    begin_draft,
    check_provider,
    deactivate,
    register_at_provider,
    retire_replaced,
    save_settings,
    throw_draft_away,
)
from app.sign_in.actions.decide_arrival import let_in_as, let_in_as_new, refuse_arrival
from app.sign_in.actions.enforce import end_enforcement, enforce
from app.sign_in.actions.invite_person import ask_new_invitation, invite_person, mark_bounced, mark_sent
from app.sign_in.actions.login_by_link import (
    ask_login_link,
    check_login_link,
    make_login_link,
    open_login_link,
)
from app.sign_in.actions.own_log_in import Found, begin_own_log_in, finish_own_log_in, note_own_log_in
from app.sign_in.actions.sign_in_again import begin_again, come_again
from app.sign_in.actions.sign_out import hear_of_end, way_out
from app.sign_in.actions.try_connection import TELLS_WHEN, begin_test, finish_test

__all__ = [
    "TELLS_WHEN",
    "Decided",
    "Found",
    "activate",
    "add_active_connection",
    "ask_login_link",
    "ask_new_invitation",
    "begin_again",
    "begin_draft",
    "begin_login",
    "begin_own_log_in",
    "begin_test",
    "change_connection",
    "check_login_link",
    "check_provider",
    "come_again",
    "come_in",
    "deactivate",
    "end_enforcement",
    "enforce",
    "finish_own_log_in",
    "finish_test",
    "hear_of_end",
    "invite_person",
    "let_in_as",
    "let_in_as_new",
    "make_login_link",
    "mark_bounced",
    "mark_sent",
    "note_own_log_in",
    "open_login_link",
    "refuse_arrival",
    "register_at_provider",
    "retire_replaced",
    "save_settings",
    "throw_draft_away",
    "way_out",
]
