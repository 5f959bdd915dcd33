"""What was built by which recipe, in `manifest.json` beside the files."""

import json
import os
from pathlib import Path


class Manifest:
    """Name (`sv/vm-main`) to recipe. A manifest that cannot be read counts as empty: then all is built anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "manifest.json"
        try:
            read = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            read = {}
        self._recipes: dict[str, str] = read if isinstance(read, dict) else {}

    def recipe(self, name: str) -> str | None:
        return self._recipes.get(name)

    def built(self, recipes: dict[str, str]) -> None:
        """Adds what was built, by rename: a build that is cut off never leaves half a manifest."""
        self._recipes |= recipes
        temporary = self._path.with_name(f".manifest.{os.getpid()}")
        temporary.write_text(json.dumps(self._recipes, indent=1, sort_keys=True), "utf-8")
        temporary.replace(self._path)
