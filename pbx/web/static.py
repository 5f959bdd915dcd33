"""Styles, scripts and what was fetched at set-up: named by what is in them, so that a browser keeps them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from pbx.errors import CannotStart

HERE = Path(__file__).parent / "static"
FETCHED = ("htmx.min.js", "hx-sse.min.js", "jssip.min.js")


@dataclass(frozen=True, slots=True)
class Static:
    """`files`: by name, what is served; `packed`: the same, compressed once, since the largest takes 15 ms. All of it
    is in memory: some hundred kB."""

    files: dict[str, bytes]
    packed: dict[str, bytes]
    mark: str

    @classmethod
    def read(cls) -> "Static":
        """Raises CannotStart where set-up has not been."""
        files = {
            str(path.relative_to(HERE)): path.read_bytes()
            for path in sorted(HERE.rglob("*"))
            if path.is_file() and path.suffix in {".css", ".js", ".svg"}
        }
        lacking = [name for name in FETCHED if f"fetched/{name}" not in files]
        if lacking:
            raise CannotStart(f"the pages lack {', '.join(lacking)}: run make setup")
        total = hashlib.sha256()
        for name, content in files.items():
            total.update(name.encode() + b"\0" + content)
        return cls(
            files, {name: gzip.compress(content, mtime=0) for name, content in files.items()}, total.hexdigest()[:12]
        )

    def url(self, name: str) -> str:
        """KeyError for a name that is not there: a page must not ask for it."""
        if name not in self.files:
            raise KeyError(name)
        return f"/static/{self.mark}/{name}"

    def answer(self, mark: str, name: str, *, packed: bool) -> web.Response:
        """Of an earlier version too: a page that was open over an upgrade gets what there is now."""
        if name not in self.files:
            raise web.HTTPNotFound
        files = self.packed if packed else self.files
        response = web.Response(body=files[name], content_type=mimetypes.guess_type(name)[0] or "text/plain")
        response.charset = "utf-8"
        lasting = "public, max-age=31536000, immutable" if mark == self.mark else "no-cache"
        response.headers["Cache-Control"] = lasting
        response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response
