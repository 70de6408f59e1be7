import pytest

from tests.model import sources as made


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """A folder for each encoder of tests.model.sources."""
    home = tmp_path_factory.mktemp("hub")
    made.save(home)
    return home
