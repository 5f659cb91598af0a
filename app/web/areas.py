"""The three kinds of hosts, and blueprints bound to them.

``kamu.example`` is the start, ``<organisation>.kamu.example`` an organisation's own and
``staff.kamu.example`` Nitor's. The organisation's part is taken from the host alone, never from a path, a form
or a cookie.
"""

from enum import StrEnum

from flask import Blueprint, Flask, current_app, has_request_context, request
from werkzeug.routing import BaseConverter

STAFF_LABEL = "staff"


class Area(StrEnum):
    """Whose pages a host shows."""

    START = "start"
    ORGANISATION = "organisation"
    STAFF = "staff"


class LabelConverter(BaseConverter):
    """The first part of a host, or nothing on the start host."""

    regex = "[a-z0-9-]*"


def start_pages(name: str, import_name: str) -> Blueprint:
    """Make a blueprint for the start host."""
    return _blueprint(name, import_name, subdomain="", area=Area.START)


def org_pages(name: str, import_name: str) -> Blueprint:
    """Make a blueprint for every organisation's host; ``url_for`` fills in the current one."""
    return _blueprint(name, import_name, subdomain="<label:organisation>", area=Area.ORGANISATION)


def staff_pages(name: str, import_name: str) -> Blueprint:
    """Make a blueprint for the host of Nitor's staff."""
    return _blueprint(name, import_name, subdomain=STAFF_LABEL, area=Area.STAFF)


def pages_everywhere(name: str, import_name: str) -> Blueprint:
    """Make a blueprint that answers on all hosts."""
    return _blueprint(name, import_name, subdomain="<label:organisation>", area=None)


def _blueprint(name: str, import_name: str, *, subdomain: str, area: Area | None) -> Blueprint:
    blueprint = Blueprint(name, import_name, template_folder="templates", subdomain=subdomain)
    blueprint.__dict__["kamu_area"] = area
    return blueprint


def area_of_endpoint(endpoint: str | None) -> Area | None:
    """Return the area of a blueprint's endpoint; None when it answers everywhere."""
    blueprint = current_app.blueprints.get((endpoint or "").partition(".")[0])
    return getattr(blueprint, "kamu_area", None)


def area_of_label(label: str) -> Area:
    """Tell from a host's first part whose pages it shows."""
    if not label:
        return Area.START
    return Area.STAFF if label == STAFF_LABEL else Area.ORGANISATION


def host_label() -> str:
    """Return what stands before the start host's name in the request's host; empty on the start host."""
    host, base = request.host.lower(), current_app.config["SERVER_NAME"]
    return host.removesuffix(base).removesuffix(".") if host.endswith(f".{base}") else ""


def init_app(app: Flask) -> None:
    """Take the organisation out of the URL values, and put it back when an address is made."""
    app.url_map.converters["label"] = LabelConverter

    @app.url_value_preprocessor
    def _take(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values is not None:
            values.pop("organisation", None)

    @app.url_defaults
    def _fill(endpoint: str, values: dict[str, object]) -> None:
        if "organisation" in values or endpoint not in app.view_functions or not has_request_context():
            return
        if app.url_map.is_endpoint_expecting(endpoint, "organisation"):
            values["organisation"] = host_label()
