"""The way out to the organisations' identity providers: OpenID Connect, with every check Kamu relies on.

Nothing else of the project imports Authlib or reads a token. Providers are chosen by customers, so each
of them is taken for hostile: `tests/sign_in/hostile_provider.py` has a switch for each attack.
"""

from app.sign_in.gateway.client import Client
from app.sign_in.gateway.login import Login, finish_login, login_url
from app.sign_in.gateway.metadata import Provider, discover
from app.sign_in.gateway.states import Trip, begin_trip, take_trip

__all__ = [
    "Client",
    "Login",
    "Provider",
    "Trip",
    "begin_trip",
    "discover",
    "finish_login",
    "login_url",
    "take_trip",
]
