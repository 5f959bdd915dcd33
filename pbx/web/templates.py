"""Templates: two environments made at the start, one for each language. All is escaped; an unknown name fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

HERE = Path(__file__).parent
_THREADS = ThreadPoolExecutor(2, "pages")


class Templates:
    """All are there when it is made, which takes half a second the first time: in a thread, not while a call waits."""

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


class _Beside(FileSystemBytecodeCache):
    """What templates were compiled to, which is the same in every language, where Python keeps what our own files were
    compiled to; nothing is kept where that cannot be written."""

    def __init__(self) -> None:
        folder = HERE / "__pycache__"
        super().__init__(str(folder), "%s.jinja")
        with suppress(OSError):
            folder.mkdir(exist_ok=True)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


_COMPILED = _Beside()


def _environment(texts: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], bytecode_cache=_COMPILED,
    )  # fmt: skip
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    return environment
