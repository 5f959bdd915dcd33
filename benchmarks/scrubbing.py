"""One scrub of a vault, as a process of its own: its memory is measured, so nothing else may be in it."""

import json
import sys
import time
from pathlib import Path

import uvloop

from pbx.vault import Vault


async def main(root: Path) -> None:
    """Prints how long it took by both clocks, how much was read, and the most memory that the process ever had."""
    vault = Vault([root / "a", root / "b"], register=root / "vault.json")
    await vault.open()
    wall, cpu, read = time.perf_counter(), time.process_time(), 0
    async for batch in vault.scrub():
        read += batch.bytes
        if batch.findings:
            raise RuntimeError(f"found {batch.findings[0]}")
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    vault.close()
    print(json.dumps({**took, "megabytes": read / 1e6, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Of this program; what the system tells of children counts what they were before they became one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))
