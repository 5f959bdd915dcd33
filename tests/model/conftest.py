from collections.abc import Iterator

import pytest

from tests.model.template import Template, template


@pytest.fixture(scope="session")
def beginning() -> Iterator[Template]:
    """What walks begin with: made once in each process."""
    with template() as made:
        yield made
