"""Templates: two environments made at the start, one for each language. All is escaped; an unknown name fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

HERE = Path(__file__).parent
_THREADS = ThreadPoolExecutor(2, "pages")


class Templates:
    """All are compiled when it is made, which takes half a second: in a thread, and not while a call waits."""

    def __init__(self, languages: dict[str, NullTranslations]) -> None:
        self._environments = {lang: _environment(texts) for lang, texts in languages.items()}
        for environment in self._environments.values():
            for name in environment.list_templates(extensions=["html", "txt"]):
                environment.get_template(name)

    async def made(self, lang: str, template: str, /, **values: Any) -> str:
        """`render` in a thread, two at a time: fifty rows take some ten milliseconds, and many may ask at once."""
        work = partial(self.render, lang, template, **values)
        return await asyncio.get_running_loop().run_in_executor(_THREADS, work)

    def render(self, lang: str, template: str, /, **values: Any) -> str:
        """`template`: folder and file, as in `messages/list.html`."""
        return self._environments[lang].get_template(template).render(lang=lang, **values)


class _Compiled(BytecodeCache):
    """What a template was compiled to, which is the same in every language."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _environment(texts: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], bytecode_cache=_COMPILED,
    )  # fmt: skip
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    return environment
