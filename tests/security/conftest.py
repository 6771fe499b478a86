"""The real embedding model, loaded once."""

import pytest

from index.embedding import load_embedder


@pytest.fixture(scope="session")
def embedder():
    return load_embedder()
