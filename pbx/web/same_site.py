"""Requests that another site's page makes its visitor send are refused, whatever cookies come along."""

from urllib.parse import urlsplit

from aiohttp import web


def from_elsewhere(request: web.Request, site: str) -> bool:
    """Of what changes something. A browser tells where a request comes from, on https by Sec-Fetch-Site and always by
    Origin; another port of the same machine is another site. What tells neither is no browser of ours."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told != "same-origin"
    return not of_our_page(request, site)


def of_our_page(request: web.Request, site: str) -> bool:
    """Whether it says to come from one. Of a WebSocket a browser always tells Origin, whatever else it tells."""
    return request.headers.get("Origin") in {site, f"{request.scheme}://{request.host}"}


def is_ours(request: web.Request, site: str) -> bool:
    """Whether the name by which we were asked is ours: another one that leads here is somebody's trick with names."""
    host = urlsplit(f"//{request.host}").hostname or ""
    return host in {urlsplit(site).hostname, "127.0.0.1", "localhost", "::1"}
