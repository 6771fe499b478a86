"""What both servers share: a free port, waiting, and an end that may be a hard one."""

import contextlib
import os
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class ServerProcess:
    """A server that can be killed and started again on the same port with the same files."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.process = None

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def options(self):
        return {}

    def start(self, seconds=120):
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                **self.options(),
            )
        end = time.monotonic() + seconds
        try:
            while not self.is_ready():
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{self.command()[0]} did not start: see {log.name}")
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise
        return self

    def kill(self):
        """Without a chance to tidy up, and with its child processes."""
        children = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True
        )
        for number in [self.process.pid, *map(int, children.stdout.split())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait(20)

    def stop(self):
        self._end(signal.SIGINT)

    def _end(self, how):
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
