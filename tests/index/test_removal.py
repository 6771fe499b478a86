import shutil

import pytest
from index_helpers import assert_whole, write_document

from index import Index, build
from index.errors import FilterError, IndexBusyError, InputError
from index.layout import Layout
from index.lock import writing
from index.removal import put_back, take_out


def state(index_dir):
    """Everything that a reader is told of the documents."""
    with Index.open(index_dir) as index:
        infos = index.documents()
        return {
            info: (
                index.document(info.id),
                index.passages(info.id),
                {
                    name: vectors.tolist()
                    for name, vectors in index.sentence_vectors(
                        passage.id for passage in index.passages(info.id)
                    ).items()
                },
                sorted(path for path, (_, held) in index.sources().items() if held == info.id),
                index.passage_counts()[info.id],
            )
            for info in infos
        }


def ids_of(index_dir, *names):
    with Index.open(index_dir) as index:
        return [info.id for info in index.documents() if info.source.endswith(names)]


def test_documents_come_back_as_they_were_without_their_files_and_without_a_model(index_dir, docs):
    shutil.copy(docs / "town002.md", docs / "copy.md")
    build([docs / "copy.md"], index_dir)
    before = state(index_dir)
    ids = ids_of(index_dir, "town002.md", "town005.md")
    taken = take_out(index_dir, ids)
    assert [each.embedded.document.info.id for each in taken] == ids
    assert set(ids).isdisjoint(info.id for info in state(index_dir))
    assert_whole(index_dir)
    shutil.rmtree(docs)
    put_back(index_dir, taken)
    assert state(index_dir) == before
    assert_whole(index_dir)


def test_an_index_may_be_emptied_and_filled_again(index_dir):
    before = state(index_dir)
    taken = take_out(index_dir, [info.id for info in before])
    assert state(index_dir) == {}
    put_back(index_dir, taken)
    assert state(index_dir) == before


def test_putting_back_twice_changes_nothing(index_dir):
    before = state(index_dir)
    taken = take_out(index_dir, ids_of(index_dir, "town003.md"))
    put_back(index_dir, taken)
    put_back(index_dir, taken)
    assert state(index_dir) == before


def test_a_file_that_was_indexed_since_stays_with_its_new_text(index_dir, docs, embedder):
    taken = take_out(index_dir, ids_of(index_dir, "town003.md"))
    build([write_document(docs, 3, version=1)], index_dir, embedding_model=embedder)
    with pytest.raises(InputError, match="indexed again since it was removed"):
        put_back(index_dir, taken)
    assert ids_of(index_dir, "town003.md") != [taken[0].embedded.document.info.id]
    assert_whole(index_dir)


def test_nothing_is_removed_where_one_is_unknown_or_another_writes(index_dir):
    before = state(index_dir)
    ids = ids_of(index_dir, "town003.md")
    with pytest.raises(FilterError):
        take_out(index_dir, [*ids, "0" * 16])
    with writing(Layout(index_dir)), pytest.raises(IndexBusyError):
        take_out(index_dir, ids)
    assert state(index_dir) == before


def test_an_open_index_sees_both_at_once(index_dir, embedder):
    with Index.open(index_dir, embedder) as index:
        info = index.documents()[3]
        text = index.passages(info.id)[-1].sentences[-1].text
        assert index.search(text, labels=())[0].document == info
        taken = take_out(index_dir, [info.id])
        assert info not in [hit.document for hit in index.search(text, labels=())]
        put_back(index_dir, taken)
        assert index.search(text, labels=())[0].document == info
