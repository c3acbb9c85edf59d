"""The smoke program runs here as well, a test for each front end: the continuous integration runs it on every Python."""

import pytest
import smoke


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("front_end", smoke.FRONT_ENDS, ids=lambda f: f.__name__)
def test_front_end(front_end):
    front_end()
