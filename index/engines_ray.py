"""Texts encoded by processes of a Ray cluster, on this machine or several: the extra `ray`."""

import os
import platform
from collections.abc import Callable
from types import TracebackType
from typing import Any

from index.embedding import Embedder, Vectors, load_recorded
from index.engines_cluster import Cluster, load_ray
from index.errors import EmbeddingMismatchError, InputError, ModelError, VerbatimError

ADDRESS = "RAY_ADDRESS"
"""Ray's own variable with the address of a cluster."""
RETRIES = 3
"""How often a call is made again, each time because its worker died."""
_PER_WORKER = 2
"""Calls: one that a worker is at, and the next one."""
_START_SECONDS = 600.0
"""Until all workers have the model; a machine may have to be started first."""


class EmbeddingWorker:
    """Runs in a process of the cluster, and loads the model there, from that machine."""

    def __init__(self, name: str, fingerprint: str) -> None:
        self._name = name
        self._fingerprint = fingerprint
        self._embedder: Embedder | None = None

    def load(self) -> None:
        """Find the model.

        Raises:
            ModelError: it cannot be loaded.
            EmbeddingMismatchError: it would give other vectors.
        """
        if self._embedder is not None:
            return
        embedder = load_recorded(self._name, self._fingerprint, may_download=False)
        if embedder.fingerprint != self._fingerprint:
            raise EmbeddingMismatchError(
                f"Expected the embedding model {self._fingerprint} on each machine, found on "
                f"{platform.node()} {embedder.fingerprint}. Install the same release and the "
                "same model there."
            )
        self._embedder = embedder

    def encode(self, texts: list[str]) -> Vectors:
        """Encode texts in one call of the model; raises as `load` and `Embedder.encode`."""
        self.load()  # a worker that took the place of one that died has not
        assert self._embedder is not None
        return self._embedder.encode(texts)


class RayEngine:
    """Workers of a Ray cluster, each with the model and one processor core.

    The cluster is the one at `RAY_ADDRESS` (or one this process is connected to already); without,
    one is started on this machine, and ended by `close`. Nothing is started before the first call.
    A worker that dies is replaced by Ray, and its calls are made again.

    To be used as a context manager, or closed.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Set it up.

        Args:
            workers: how many; by default one for each processor core of the cluster.

        Raises:
            InputError: there is no Ray here, or `workers` is less than 1.
        """
        load_ray()
        if workers is not None and workers < 1:
            raise InputError(f"Expected at least one worker, found {workers}. Correct it.")
        self._workers = workers
        self._cluster: Cluster | None = None
        self._crew: list[Any] = []
        self._calls: list[list[Any]] = []
        """Of each worker: what it has not been seen to end."""
        self._fingerprint = ""

    @property
    def ahead(self) -> int:
        """Calls that may be under way besides the one that is waited for; 0 until the first."""
        return max(0, _PER_WORKER * len(self._crew) - 1)

    def begin(self, embedder: Embedder, texts: list[str]) -> Callable[[], Vectors]:
        """Give texts to the worker with the least to do; see `Engine`.

        Raises:
            EmbeddingMismatchError: a worker has another model by that name.
        """
        if embedder.fingerprint != self._fingerprint or not self._crew:
            self._hire(embedder)
        for at, calls in enumerate(self._calls):
            self._calls[at] = list(self._ray.wait(calls, num_returns=len(calls), timeout=0)[1])
        at = min(range(len(self._crew)), key=lambda each: len(self._calls[each]))
        call = self._crew[at].encode.remote(texts)
        self._calls[at].append(call)
        return lambda: self._result(call)

    def close(self) -> None:
        """Let the workers go, and end the cluster that was started for them."""
        for worker in self._crew:
            self._ray.kill(worker)
        self._crew, self._calls = [], []
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def __enter__(self) -> "RayEngine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _ray(self) -> Any:  # noqa: ANN401  # Ray's own module
        return load_ray()

    def _hire(self, embedder: Embedder) -> None:
        """Have all workers find the model."""
        for worker in self._crew:
            self._ray.kill(worker)
        self._crew, self._calls, self._fingerprint = [], [], ""
        if self._cluster is None:
            self._cluster = Cluster.connect(os.environ.get(ADDRESS), self._workers)
        count = self._workers or self._cluster.cores
        if count > self._cluster.cores:
            raise InputError(
                f"Expected at most as many workers as the Ray cluster has processor cores "
                f"({self._cluster.cores}), found {count}. Take fewer workers, or add machines."
            )
        actor = self._ray.remote(
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=RETRIES,
            scheduling_strategy="SPREAD",
        )(EmbeddingWorker)
        self._crew = [actor.remote(embedder.name, embedder.fingerprint) for _ in range(count)]
        self._calls = [[] for _ in self._crew]
        self._result([worker.load.remote() for worker in self._crew], _START_SECONDS)
        self._fingerprint = embedder.fingerprint

    def _result(self, call: Any, seconds: float | None = None) -> Any:  # noqa: ANN401
        """What a call gives.

        Raises:
            ModelError: it failed.
        """
        failures = self._ray.exceptions
        try:
            return self._ray.get(call, timeout=seconds)
        except failures.RayTaskError as error:
            if isinstance(error.cause, VerbatimError):
                raise error.cause from None
            raise ModelError(
                f"A worker of Ray failed: {type(error.cause).__name__}: {error.cause}. Each "
                "machine needs the same release of verbatim-assistant; see docs/deploying.md."
            ) from error
        except failures.GetTimeoutError as error:
            raise ModelError(
                f"Expected {len(self._crew)} workers of Ray with the embedding model within "
                f"{_START_SECONDS:.0f} s, and some did not begin. Is the cluster at other work? "
                "Take fewer workers, or run it again later."
            ) from error
        except failures.RayError as error:
            said = next(iter(str(error).strip().splitlines()), "")
            raise ModelError(
                f"Workers of Ray died {RETRIES + 1} times over the same texts, or their cluster is "
                f"gone: {type(error).__name__}: {said} What was committed stays. Check the "
                "machines and their memory, take fewer workers, and run it again."
            ) from error
