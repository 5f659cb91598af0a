"""Counts in Valkey what `app/web/rates.py` limits, and tells whoever is refused when to come again.

Keys are digests, so that the counters name neither a person nor a network address.
"""

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter

from app.settings import settings
from app.web.areas import host_label
from app.web.here import actor
from app.web.rates import RATES, Rate

TOO_MANY = 429
SECONDS_A_MINUTE = 60
_SITE_BITS = 64

Key = Callable[[], str]


def init_app(app: Flask) -> None:
    """Make a counter for open and one for closed rates, on the connections that the app has anyway."""
    app.extensions["kamu_counters"] = {opens: _counter(app, opens=opens) for opens in (True, False)}
    app.extensions["kamu_counted"] = set()
    app.jinja_env.globals["minutes_to_wait"] = lambda: max(1, round(_seconds_to_wait() / SECONDS_A_MINUTE))
    app.after_request(_say_when)


def limit_views(app: Flask) -> None:
    """Put the rates on the views that are there by now, each once."""
    counted = cast("set[str]", app.extensions["kamu_counted"])
    for endpoint in (RATES.keys() & app.view_functions.keys()) - counted:
        app.view_functions[endpoint] = _limited(app, app.view_functions[endpoint], RATES[endpoint])
        counted.add(endpoint)


def _counter(app: Flask, *, opens: bool) -> Limiter:
    counter = Limiter(
        key_func=_by_address,
        storage_uri=app.config["KAMU"].redis_url,
        storage_options={"connection_pool": app.extensions["kamu_valkey"].connection_pool},
        swallow_errors=opens,
        key_prefix="rate",
    )
    counter.init_app(app)
    return counter


def _limited(app: Flask, view: Callable[..., Any], rate: Rate) -> Callable[..., Any]:
    counter = cast("dict[bool, Limiter]", app.extensions["kamu_counters"])[rate.opens]
    for how_many, key in _keys(rate):
        limit = counter.shared_limit(
            how_many,
            scope=f"{rate.name}:{key.__name__}",
            key_func=key,
            methods=list(rate.methods),
            exempt_when=_is_nobody if key is _by_account else None,
        )
        view = limit(view)
    return view


def _keys(rate: Rate) -> Iterator[tuple[str, Key]]:
    wanted = (rate.by_address, _by_address), (rate.by_account, _by_account), (rate.by_organisation, _by_organisation)
    yield from (each for each in wanted if each[0])


def _by_address() -> str:
    return _digest("address", _site(request.remote_addr or ""))


def _by_account() -> str:
    return _digest("account", str(actor().id))


def _by_organisation() -> str:
    return _digest("organisation")


def _is_nobody() -> bool:
    return actor().id is None


def _site(address: str) -> str:
    """Who may be behind a network address; of IPv6 the first half, for whoever has one address there has them all."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, _SITE_BITS), strict=False))


def _digest(*parts: str) -> str:
    """Of a key, in this organisation or on this host."""
    where = str(g.tenant.id) if "tenant" in g else host_label()
    return hmac.new(settings().secret_key.encode(), "\n".join((where, *parts)).encode(), hashlib.sha256).hexdigest()


def _seconds_to_wait() -> int:
    counters = cast("dict[bool, Limiter]", current_app.extensions["kamu_counters"]).values()
    ends = (each.current_limit.reset_at for each in counters if each.current_limit)
    return max(1, int(max(ends, default=0) - time.time()) + 1)


def _say_when(response: Response) -> Response:
    if response.status_code == TOO_MANY:
        response.headers.setdefault("Retry-After", str(_seconds_to_wait()))
    return response
