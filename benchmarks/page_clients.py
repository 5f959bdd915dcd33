"""The browsers of a benchmark, as a process: `python -m benchmarks.page_clients COOKIE CLIENTS REQUESTS URL…`.

So many clients each ask so often, the URLs in turn; a line of JSON: by URL, how many seconds each answer took. With no
requests, each client opens the URL as a stream, says so, and listens until its end.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict

import aiohttp


async def ask(http: aiohttp.ClientSession, urls: list[str], requests: int, took: dict[str, list[float]]) -> None:
    for number in range(requests * len(urls)):
        url = urls[number % len(urls)]
        began = time.perf_counter()
        async with http.get(url, allow_redirects=False) as response:
            await response.read()
            if response.status != 200:
                raise RuntimeError(f"{url}: {response.status}")
        took[url].append(time.perf_counter() - began)


async def listen(http: aiohttp.ClientSession, url: str, opened: list[int], of: int) -> None:
    async with http.get(url) as response:
        opened.append(response.status)
        if len(opened) == of:
            print(json.dumps({"opened": len(opened), "statuses": sorted(set(opened))}), flush=True)
        await response.read()


async def main(cookie: str, clients: int, requests: int, urls: list[str]) -> None:
    took: dict[str, list[float]] = defaultdict(list)
    opened: list[int] = []
    connector = aiohttp.TCPConnector(limit=clients)
    timeout = aiohttp.ClientTimeout(total=None)
    headers = {"Cookie": cookie, "Accept": "text/html", "Accept-Language": "sv", "Sec-Fetch-Site": "same-origin"}
    async with (
        aiohttp.ClientSession(headers=headers, connector=connector, timeout=timeout) as http,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(clients):
            group.create_task(ask(http, urls, requests, took) if requests else listen(http, urls[0], opened, clients))
    if requests:
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
