import threading

import pytest
from index_helpers import assert_whole, child, query_embedder, words_embedder, write_document

from index import Index, build


class Searchers:
    """Threads that search one index until they are stopped."""

    def __init__(self, index, count=2):
        self.index = index
        self.errors = []
        self.searches = 0
        self._is_done = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_done.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number):
        while not self._is_done.wait(0.02):
            number = (number + 1) % 8
            try:
                hits = self.index.search(f"mark{number}v0b1", k=3)
                assert f"mark{number}v0b1" in hits[0].passage.text
                self.searches += 1
            except BaseException as error:
                self.errors.append(error)
                return


@pytest.mark.slow
def test_threads_search_while_another_process_builds(docs, index_dir):
    with Index.open(index_dir, query_embedder()) as index:
        with Searchers(index) as searchers:
            for number in range(90, 92):
                write_document(docs, number)
                with child(docs, index_dir) as process:
                    process.join()
                assert f"mark{number}v0b0" in index.search(f"mark{number}v0b0", k=1)[0].passage.text
        assert searchers.errors == []
        assert searchers.searches > 10
    assert_whole(index_dir)


def test_threads_search_while_this_process_builds(docs, index_dir):
    with Index.open(index_dir, words_embedder()) as index:
        with Searchers(index) as searchers:
            for version in range(1, 3):
                write_document(docs, 95, version)
                build([docs], index_dir, embedding_model=words_embedder())
        assert searchers.errors == []
        assert "mark95v2b0" in index.search("mark95v2b0", k=1)[0].passage.text
    assert_whole(index_dir)


def test_closing_waits_for_the_last_search(index_dir):
    index = Index.open(index_dir, words_embedder())
    with index._live.lend() as stores:
        index.close()
        assert stores.terms.query("harbor", 1)
        assert stores.vectors.query(index.encode_query("harbor"), 1)


def test_many_threads_open_one_index_at_once(index_dir):
    errors = []

    def run():
        try:
            with Index.open(index_dir, words_embedder()) as index:
                assert "mark1v0b1" in index.search("mark1v0b1", k=1)[0].passage.text
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
