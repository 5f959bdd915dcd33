"""Both ways of having an Asterisk, from the base that set-up made."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.setup.machine import Held, hold


@pytest.fixture(scope="session")
def docker_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests here, so that the image is imported once; no other test's daemon is touched."""
    return tmp_path_factory.mktemp("docker")


@pytest.fixture(params=["docker", "folder"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


Hold = Callable[..., Held]


@pytest.fixture
def start(tmp_path: Path, docker_state: Path) -> Iterator[Hold]:
    """Holds an Asterisk on this test's `var`; whatever is still up afterwards is ended."""
    began: list[Held] = []

    def begin(way: str, var: Path = tmp_path / "var", *, refused: bool = False, **settings: str) -> Held:
        held = hold(var, docker_state, way, **settings)
        began.append(held)
        assert ("refused" in held.told) == refused, held.told
        return held

    yield begin
    for held in reversed(began):
        if held.process.poll() is None:
            held.end()
    for held in began:
        if "pid" in held.told and Path(f"/proc/{held.pid}/exe").exists():
            hold(held.var, docker_state, str(held.told["how"])).end()
