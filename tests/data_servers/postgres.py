"""A PostgreSQL server of Debian's package, or of any folder on the PATH."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from data_servers.processes import ServerProcess

MISSING = "PostgreSQL is not installed: run scripts/install-servers.sh"
_numbers = count(1)


def programs():
    """The folder of the server's programs; None where they are not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


class Postgres(ServerProcess):
    """A cluster of its own, reached over the loopback address; it trusts whoever connects."""

    def __init__(self, folder):
        """Make it.

        Args:
            folder: empty; every user may enter the folders that it is in.
        """
        super().__init__(folder / "cluster")
        self.bin = programs()
        self.folder.mkdir()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            folder.chmod(0o755)
            shutil.chown(self.folder, "postgres")
        options = ["-A", "trust", "-U", "verbatim", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", "-D", self.folder, *options)

    def command(self):
        address = ["-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"]
        files = ["-D", str(self.folder), "-k", str(self.folder)]
        return [str(self.bin / "postgres"), *files, *address]

    def is_ready(self):
        ready = self._run("pg_isready", "-h", "127.0.0.1", "-p", self.port, "-q", check=False)
        return ready.returncode == 0

    def options(self):
        return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}

    def new_database(self):
        """The address of a new, empty database."""
        name = f"test{next(_numbers)}"
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "verbatim", name)
        return f"postgresql+psycopg://verbatim@127.0.0.1:{self.port}/{name}"

    def _run(self, program, *arguments, check=True):
        done = subprocess.run(
            [self.bin / program, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=self.folder,
            **self.options(),
        )
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")
        return done


@contextmanager
def running():
    """A server for the block; skips the test, with a reason, where there is none."""
    if programs() is None:
        if os.environ.get("CI_REQUIRE_SERVERS") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    # Not in a folder of pytest's: it takes them away from other users whenever it starts again.
    with TemporaryDirectory(prefix="verbatim-postgres-") as folder:
        server = Postgres(Path(folder)).start()
        try:
            yield server
        finally:
            server.stop()
