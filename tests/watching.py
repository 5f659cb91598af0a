"""Which lines run is watched only where a test is about them: watching costs half as much time again.

What is not watched can only make the share of the code that is covered look smaller than it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from threading import get_ident

import pytest
from pytest_cov.engine import CovController

_watch: tuple[CovController, int] | None = None


def begin_watching(config: pytest.Config) -> None:
    """Find out whether lines are watched at all in this run, and in which thread."""
    global _watch
    plugin = config.pluginmanager.getplugin("_cov")
    controller = plugin and plugin.cov_controller
    _watch = (controller, get_ident()) if controller else None
    if _watch:
        _import_everything()


def _import_everything() -> None:
    """What is imported only when it is used would else be imported by a test that is not watched."""
    for name in ("tenants", "app", "onboarding"):
        for found in walk_packages(import_module(name).__path__, f"{name}."):
            import_module(found.name)


@contextmanager
def _set(*, on: bool) -> Iterator[None]:
    controller, thread = _watch or (None, 0)
    # Starting and stopping are of the thread that does them.
    changes = controller is not None and thread == get_ident() and controller.started != on
    if changes:
        (controller.resume if on else controller.pause)()
    try:
        yield
    finally:
        if changes:
            (controller.pause if on else controller.resume)()


def watched():
    """Watch which lines run in this block, whatever is around it."""
    return _set(on=True)


def unwatched():
    """Do not watch which lines run in this block. Also a decorator."""
    return _set(on=False)
