"""How an app is put together: a list of steps, read from top to bottom."""

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

from flask import Blueprint, Flask, Response, request
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from app import queue, schedule, valkey
from app.settings import Settings
from app.web import areas, assets, errors, guards, headers, health, language, layout, limits, logs
from app.web.session import ValkeySessions, csrf_token
from tenants import database
from tenants.faults import Fault, fault_point

FEATURES = (
    "app.pages",
    "app.sign_in",
    "app.break_glass",
    "app.sessions",
    "app.people",
    "app.support",
    "app.billing",
    "app.training",
    "app.readiness",
    "app.time_policy",
    "app.choices",
    "app.matching",
    "app.pairs",
    "app.goals",
    "app.today",
    "app.disclosure",
    "app.rights",
    "app.export",
    "app.closing",
    "app.domains",
    "app.roles",
    "app.scim",
)
MODELS = (
    "app.access.models",
    "app.files.models",
    "app.vault.models",
)
LARGEST_REQUEST = 11 * 1024 * 1024


class Kamu(Flask):
    """Flask whose views run inside one unit of work, behind the guards; a view that raises leaves nothing behind."""

    session_interface = ValkeySessions()

    def dispatch_request(self) -> Response:
        """Admit the request, run its view, commit."""
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        with guards.admitted() as instead:
            answer = instead if instead is not None else self.make_response(super().dispatch_request())
            fault_point(Fault.REQUEST_DONE)
        fault_point(Fault.REQUEST_COMMITTED)
        return answer


def build_app(settings: Settings) -> Flask:
    """Build the product without the set-up guide, which is mounted on top of it."""
    app = Kamu("app", static_folder=None, subdomain_matching=True)
    _configure(app, settings)
    _open_databases(app, settings)
    valkey.init_app(app)
    areas.init_app(app)
    logs.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    limits.init_app(app)
    language.init_app(app)
    layout.init_app(app)
    queue.init_app(app)
    schedule.init_app()
    app.jinja_env.globals["csrf_token"] = csrf_token
    for name in MODELS:
        importlib.import_module(name)
    app.register_blueprint(assets.assets)
    app.register_blueprint(health.health)
    for name in FEATURES:
        mount(app, name)
    return app


def mount(app: Flask, feature: str) -> None:
    """Register every blueprint of a feature's views, and load its models and jobs."""
    for part in ("models", "jobs"):
        if importlib.util.find_spec(f"{feature}.{part}"):
            importlib.import_module(f"{feature}.{part}")
    for blueprint in _blueprints(importlib.import_module(f"{feature}.views")):
        app.register_blueprint(blueprint)
    limits.limit_views(app)


def _blueprints(views: ModuleType) -> list[Blueprint]:
    found = {value.name: value for value in vars(views).values() if isinstance(value, Blueprint)}
    return [found[name] for name in sorted(found)]


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        KAMU=settings,
        SECRET_KEY=settings.secret_key,
        SERVER_NAME=settings.base_host,
        PREFERRED_URL_SCHEME=settings.scheme,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRANSLATIONS=Path(app.root_path) / "translations",
        TEMPLATES_AUTO_RELOAD=settings.is_local,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False


def _open_databases(app: Flask, settings: Settings) -> None:
    """Name the engines. Control and the first cell are one database; each further cell gets an engine of its own."""
    binds: dict[str, object] = {
        database.CONTROL: _bind(settings.control_database_url or settings.database_url),
        database.LOCAL_CELL: _bind(settings.database_url),
        database.KEYS: _bind(settings.keys_database_url),
    }
    if settings.database_ddl_url:
        binds[database.DDL] = _bind(settings.database_ddl_url)
    app.config["SQLALCHEMY_BINDS"] = binds
    database.db.init_app(app)
    with app.app_context():
        database.guard_engines()


def _bind(url: str) -> dict[str, object]:
    # Each bind needs the options for itself: Flask-SQLAlchemy gives app-wide ones to its default engine only.
    # Values never stand in error messages: they may be people's.
    return {**database.engine_options(), "url": make_url(url), "hide_parameters": True}
