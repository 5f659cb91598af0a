"""In which language a page speaks: chosen for this browser, else the account's, else what the browser prefers."""

from datetime import date

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, format_date, get_locale

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}
DEFAULT_LANGUAGE = "en"
DAY_PATTERNS = {"en": "d MMMM y", "fi": "d.M.y", "sv": "d MMMM y"}


def reader_language() -> str:
    """Return the language of the current request; English outside of one."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    actor = g.get("actor")
    for wanted in (session.get("language"), getattr(actor, "language", None)):
        if wanted in LANGUAGES:
            return str(wanted)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def day_in_words(when: date) -> str:
    """Write a day as the reader's language does on all pages: 26 November 2026, 26.11.2026, 26 november 2026."""
    locale = get_locale()
    return str(format_date(when, DAY_PATTERNS[locale.language if locale else DEFAULT_LANGUAGE]))


def init_app(app: Flask) -> None:
    """Set up Flask-Babel with our catalogues."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    Babel(app, default_locale=DEFAULT_LANGUAGE, locale_selector=reader_language)
