"""Writes of the sign-in, in the current organisation."""

from app.sign_in.actions.come_in import begin_login, come_in
from app.sign_in.actions.connect_provider import (
    activate,
    add_active_connection,
    begin_draft,
    check_provider,
    deactivate,
    save_settings,
    throw_draft_away,
)
from app.sign_in.actions.invite_person import invite_person, mark_bounced, mark_sent
from app.sign_in.actions.login_by_link import (
    ask_login_link,
    check_login_link,
    make_login_link,
    open_login_link,
)
from app.sign_in.actions.try_connection import begin_test, finish_test

__all__ = [
    "activate",
    "add_active_connection",
    "ask_login_link",
    "begin_draft",
    "begin_login",
    "begin_test",
    "check_login_link",
    "check_provider",
    "come_in",
    "deactivate",
    "finish_test",
    "invite_person",
    "make_login_link",
    "mark_bounced",
    "mark_sent",
    "open_login_link",
    "save_settings",
    "throw_draft_away",
]
