"""In which language a page speaks: chosen for this browser, else the account's, else what the browser prefers."""

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}
DEFAULT_LANGUAGE = "en"


def reader_language() -> str:
    """Return the language of the current request; English outside of one."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    actor = g.get("actor")
    for wanted in (session.get("language"), getattr(actor, "language", None)):
        if wanted in LANGUAGES:
            return str(wanted)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def init_app(app: Flask) -> None:
    """Set up Flask-Babel with our catalogues."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    Babel(app, default_locale=DEFAULT_LANGUAGE, locale_selector=reader_language)
