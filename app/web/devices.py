"""Which browser on which system: two words, all that is kept of what a browser says of itself."""

# The first that fits: most browsers also name the ones they descend from.
_BROWSERS = (
    ("Firefox/", "firefox"), ("FxiOS/", "firefox"), ("Edg", "edge"), ("OPR/", "opera"), ("SamsungBrowser/", "samsung"),
    ("Chrome/", "chrome"), ("CriOS/", "chrome"), ("Safari/", "safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iphone"), ("iPad", "ipad"), ("Android", "android"), ("Windows", "windows"), ("CrOS", "chromeos"),
    ("Mac OS X", "mac"), ("Linux", "linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Browser and system, as ``firefox-windows``; ``other`` for what is not known."""
    return f"{_first(_BROWSERS, user_agent)}-{_first(_SYSTEMS, user_agent)}"


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "other")
