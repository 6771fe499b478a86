"""A Ray cluster to use: one there is, or one on this machine for as long as it is needed."""

import logging
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from secrets import token_hex
from typing import Any

from index.errors import InputError, ModelError

_STORE_BYTES = 256 * 1024**2
"""Of memory that processes share; texts and vectors on their way are a few megabytes."""

_PRIVATE = {"RAY_USAGE_STATS_ENABLED": "0"}
"""Ray would send statistics of its use to its makers."""
_SILENT = {"RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Ray would print on stdout, into a report, that a worker died; read when it is imported."""
_ANSWER_SECONDS = 10.0
"""Until a cluster answers at its address."""


def load_ray() -> Any:  # noqa: ANN401  # Ray's own module
    """Import Ray.

    Raises:
        InputError: it is not installed.
    """
    try:
        with _quiet(), _environment(_SILENT):
            import ray
    except ImportError as error:
        raise InputError(
            "Expected Ray for the engine 'ray', found none. Install the extra: "
            "pip install 'verbatim-assistant[ray]', or leave the engine out."
        ) from error
    return ray


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that this process is connected to."""

    cores: int
    """Processor cores of all its machines."""
    is_shared: bool = False
    """Whether this process was connected before."""
    folder: str | None = None
    """What it keeps while it runs, where it was started here."""
    handler: Any = None
    """What SIGTERM did before, which Ray changes."""

    @classmethod
    def connect(cls, address: str | None, workers: int | None) -> "Cluster":
        """Connect this process to a cluster.

        Args:
            address: of one; None starts one on this machine.
            workers: how many cores one that is started has; None for those there are.

        Raises:
            InputError: there is none at that address, or it has another release of Ray.
            ModelError: none could be started.
        """
        ray = load_ray()
        if ray.is_initialized():
            return cls(_cores(ray), is_shared=True)
        handler = signal.getsignal(signal.SIGTERM)
        if address:
            _join(ray, address)
            return cls(_cores(ray), handler=handler)
        folder = tempfile.mkdtemp(prefix="verbatim-ray-")
        try:
            _start(ray, folder, workers or _cores_here())
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(_cores(ray), folder=folder, handler=handler)

    def close(self) -> None:
        """Leave it; what was started here is ended."""
        if self.is_shared:
            return
        with _quiet():
            load_ray().shutdown()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.handler is not None:
            with suppress(ValueError):  # not the main thread, where Ray has not changed it either
                signal.signal(signal.SIGTERM, self.handler)


def _join(ray: Any, address: str) -> None:  # noqa: ANN401
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        if host and port.isdigit():  # Ray itself would try for many minutes
            socket.create_connection((host.strip("[]"), int(port)), _ANSWER_SECONDS).close()
        with _quiet(), _environment(_PRIVATE):
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # of gRPC, of Ray, or the system's: whatever is the matter
        raise InputError(
            f"Expected a Ray cluster at RAY_ADDRESS={address} that this process can join, found "
            f"{type(error).__name__}: {_first_line(error)} Check the address and the token, and "
            "that all machines have the same releases of Python and Ray; or unset RAY_ADDRESS."
        ) from error


def _start(ray: Any, folder: str, cores: int) -> None:  # noqa: ANN401
    try:
        with _quiet(), _environment(_PRIVATE | {"RAY_AUTH_TOKEN": _token()}):
            ray.init(
                "local",
                num_cpus=cores,
                num_gpus=0,
                object_store_memory=_STORE_BYTES,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                _temp_dir=folder,
            )
    except Exception as error:
        raise ModelError(
            f"Ray could not be started here: {type(error).__name__}: {_first_line(error)} Free "
            "some memory and run it again, or leave the engine out."
        ) from error


@cache
def _token() -> str:
    """What lets processes into clusters started by this one: Ray listens on all addresses."""
    return os.environ.get("RAY_AUTH_TOKEN") or token_hex(32)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables for processes that are started inside."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Ray's log lines off the user's screen."""
    logger = logging.getLogger("ray")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _cores_here() -> int:
    """Those this process may use, where the system says."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cores(ray: Any) -> int:  # noqa: ANN401
    return int(ray.cluster_resources().get("CPU", 0))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "").rstrip(".") + "."
