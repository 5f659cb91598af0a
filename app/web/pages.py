"""Answers of views: a page, or the block of it that htmx asked for, or a way on."""

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from jinja2_fragments.flask import render_block


def render(template: str, *, block: str | None = None, status: int = 200, **context: object) -> Response:
    """Render a template; with ``block``, only that block of it when htmx asks."""
    if block and request.headers.get("HX-Request") == "true":
        html = render_block(template, block, **context)
    else:
        html = render_template(template, **context)
    return make_response(html, status)


def see_other(endpoint: str, **values: object) -> Response:
    """Send the browser on after a form, so that a reload does not send it again."""
    return current_app.make_response(redirect(url_for(endpoint, **values), 303))  # type: ignore[arg-type]
