"""Style sheets, fonts, icons and scripts, with addresses that change when any of them changes.

One digest names the whole of ``app/static``, so relative addresses inside the style sheets stay right and the
preloaded fonts are the ones the style sheets ask for.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Response, abort, g, request
from werkzeug.security import safe_join

from app.access.guard import public
from app.settings import settings
from app.web.areas import pages_everywhere

STATIC = Path(__file__).resolve().parent.parent / "static"
FOR_EVER = f"public, max-age={365 * 24 * 3600}, immutable"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}

assets = pages_everywhere("assets", __name__)


def _files() -> list[Path]:
    """Every file below static/, sorted."""
    return sorted(path for path in STATIC.rglob("*") if path.is_file())


def _newest() -> int:
    """The latest change of any file, in nanoseconds."""
    return max(path.stat().st_mtime_ns for path in _files())


@lru_cache(maxsize=4)
def _digest(_newest: int) -> str:
    """A short digest over the names and bytes of all files."""
    whole = hashlib.sha256()
    for path in _files():
        whole.update(path.relative_to(STATIC).as_posix().encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def release() -> str:
    """The digest that stands in every address; looked at once, or by each request on a developer's machine."""
    if "assets_release" not in g:
        g.assets_release = _digest(_newest() if settings().is_local else 0)
    return str(g.assets_release)


def asset(path: str) -> str:
    """The address of a file below static/, the same on every host."""
    return f"/assets/{release()}/{path}"


@assets.get("/assets/<digest>/<path:path>")
@public("Style sheets, fonts and icons hold nothing of anybody.")
def file(digest: str, path: str) -> Response:
    """Send one file, to be kept for a year under this address."""
    found = safe_join(str(STATIC), path)
    if found is None or not Path(found).is_file():
        abort(404)
    answer = Response(Path(found).read_bytes(), content_type=_type_of(found))
    answer.add_etag()
    # A page of the release before or after this one may ask: it is served, but never kept under a wrong name.
    answer.headers["Cache-Control"] = FOR_EVER if digest == release() else "no-cache"
    answer.make_conditional(request)
    return answer


def _type_of(name: str) -> str:
    """The content type of a file by its ending; texts are UTF-8."""
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
