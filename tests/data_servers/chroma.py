"""Chroma's server, which its package brings along."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from data_servers.processes import ServerProcess


class ChromaServer(ServerProcess):
    """`chroma run` over a folder."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        program = Path(sys.executable).with_name("chroma")
        where = ["--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        return [str(program), "run", *where]

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False
