"""The way out to the organisations' identity providers: OpenID Connect, with every check Kamu relies on.

Nothing else of the project imports Authlib or reads a token. Providers are chosen by customers, so each
of them is taken for hostile: `tests/sign_in/hostile_provider.py` has a switch for each attack.
"""

from app.sign_in.gateway.client import Client
from app.sign_in.gateway.login import Login, finish_login, login_url
from app.sign_in.gateway.logout import Ended, logout_url, read_logout_token
from app.sign_in.gateway.metadata import Provider, discover
from app.sign_in.gateway.registration import Addresses, Registered, register
from app.sign_in.gateway.states import (
    Purpose,
    Trip,
    begin_trip,
    find_test_claims,
    keep_test_claims,
    take_trip,
)
from app.sign_in.gateway.tokens import Claims

__all__ = [
    "Addresses",
    "Claims",
    "Client",
    "Ended",
    "Login",
    "Provider",
    "Purpose",
    "Registered",
    "Trip",
    "begin_trip",
    "discover",
    "find_test_claims",
    "finish_login",
    "keep_test_claims",
    "login_url",
    "logout_url",
    "read_logout_token",
    "register",
    "take_trip",
]
