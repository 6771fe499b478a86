import json
import shutil

import numpy as np
import pytest
from index_helpers import words_embedder, write_documents
from model_makers import make_transformer

from index import Index, build
from index.catalog import Catalog
from index.embedding import OF_SENTENCES, WHOLE, embedding_text, load_embedder
from index.layout import Layout
from index.models import is_mean_pooled

TEXT = """# The mill

## How it was built

The mill was built of stone. Its wheel came by boat, and nobody in the town knew who had paid.

## How it burned

It burned in the winter of 1911.
"""


def counting(text_version):
    """A model that tells what it was given."""
    embedder = words_embedder(text_version=text_version)
    given = []
    encode = embedder.encode

    def noting(texts):
        given.extend(texts)
        return encode(texts)

    embedder.encode = noting
    return embedder, given


@pytest.fixture
def mill(tmp_path):
    (tmp_path / "mill.md").write_text(TEXT)
    return tmp_path / "mill.md"


def stored(folder):
    """Passages with their vectors and those of their sentences."""
    with Index.open(folder) as index:
        (info,) = index.documents()
        passages = index.passages(info.id)
    catalog = Catalog(Layout(folder).catalog_address, writable=False)
    vectors = catalog.vectors([each.id for each in passages])
    catalog.close()
    return info, [(each, *vectors[each.id]) for each in passages]


def test_a_passage_is_the_mean_of_its_sentences_and_its_head(mill, tmp_path):
    embedder, given = counting(OF_SENTENCES)
    build([mill], tmp_path / "index", embedding_model=embedder)
    info, passages = stored(tmp_path / "index")
    sentences = [each.text for passage, *_ in passages for each in passage.sentences]
    heads = [text for text in given if text not in sentences]
    assert heads == [text for text in dict.fromkeys(heads) if text.startswith(info.title)]
    assert len(given) == len(heads) + len(sentences)
    for passage, vector, rows in passages:
        if not passage.sentences:
            continue
        head = "\n".join(filter(None, (info.title, passage.heading)))
        weights = np.array([len(each.text) for each in passage.sentences])
        mean = weights @ rows.astype(np.float32)
        mean = mean + len(head) * embedder.encode([head])[0]
        assert vector @ (mean / np.linalg.norm(mean)) == pytest.approx(1, abs=1e-3)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_a_passage_can_be_embedded_as_a_whole(mill, tmp_path):
    embedder, given = counting(WHOLE)
    build([mill], tmp_path / "index", embedding_model=embedder)
    _, passages = stored(tmp_path / "index")
    with Index.open(tmp_path / "index") as index:
        document = index.document(index.documents()[0].id)
    texts = [embedding_text(document, passage) for passage, *_ in passages]
    assert given[: len(texts)] == texts
    expected = embedder.encode(texts)
    assert np.allclose([vector for _, vector, _ in passages], expected, atol=1e-6)


def test_only_models_that_mean_pool_make_passages_of_sentences(tmp_path):
    mean = make_transformer(tmp_path / "mean")
    assert is_mean_pooled(mean)
    assert load_embedder(str(mean)).text_version == OF_SENTENCES
    first = make_transformer(tmp_path / "first", pooling="cls")
    assert not is_mean_pooled(first)
    assert load_embedder(str(first)).text_version == WHOLE


@pytest.mark.parametrize(
    ("config", "is_mean"),
    [
        ({"pooling_mode": "mean"}, True),
        ({"pooling_mode": ["mean"]}, True),
        ({"pooling_mode": ["mean", "cls"]}, False),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, True),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True}, False),
        ({}, False),
        ("nothing of the kind", False),
    ],
)
def test_pooling_is_read_as_all_releases_write_it(tmp_path, config, is_mean):
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(config))
    assert is_mean_pooled(tmp_path) == is_mean
    shutil.rmtree(tmp_path / "1_Pooling")
    assert not is_mean_pooled(tmp_path)


def test_an_index_of_an_earlier_release_stays_as_it_was_made(tmp_path):
    model = load_embedder(str(make_transformer(tmp_path / "mean")))
    earlier = model.as_recorded(model.fingerprint.replace('"text_version": 2', '"text_version": 1'))
    assert (model.text_version, earlier.text_version) == (OF_SENTENCES, WHOLE)
    write_documents(tmp_path / "docs", range(3))
    folder = tmp_path / "index"
    build([tmp_path / "docs"], folder, embedding_model=earlier)
    write_documents(tmp_path / "docs", range(5))
    assert len(build([tmp_path / "docs"], folder, embedding_model=model).added) == 2
    assert len(build([tmp_path / "docs"], folder).unchanged) == 5
    with Index.open(folder, model) as index, Index.open(folder) as other:
        assert index.fingerprint == earlier.fingerprint
        assert index.embedder.text_version == other.embedder.text_version == WHOLE
        for info in index.documents():
            document, passages = index.document(info.id), index.passages(info.id)
            texts = [embedding_text(document, passage) for passage in passages]
            vectors = index._catalog.vectors([each.id for each in passages])
            found = np.stack([vectors[each.id][0] for each in passages])
            assert np.allclose(found, earlier.encode(texts), atol=0.02)


def test_another_model_is_not_taken_for_the_same(tmp_path):
    one = load_embedder(str(make_transformer(tmp_path / "one")))
    other = one.fingerprint.replace('"dimension"', '"other": 1, "dimension"')
    assert one.as_recorded(other.replace('"text_version": 2', '"text_version": 1')) is one
    assert one.as_recorded("no fingerprint") is one
