from collections.abc import Iterator

import pytest

from tests.model.template import Template, template


@pytest.fixture(scope="module")
def beginning() -> Iterator[Template]:
    """What walks begin with. Of the module: it stops the log and remembers sounds, which is nobody else's business."""
    with template() as made:
        yield made
