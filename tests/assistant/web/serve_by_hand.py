"""Serves a desk made by hand, as a process: `python serve_by_hand.py PORT SECONDS`."""

import logging
import sys

from web_texts import HandDesk

from assistant.logs import configure
from assistant.strays import caught
from assistant.web import serve
from assistant.web.site import SiteOptions

if __name__ == "__main__":
    configure("json", "debug")
    logging.getLogger().setLevel(logging.DEBUG)  # of all packages
    stdout = sys.stdout
    with caught():
        serve(
            HandDesk(),
            port=int(sys.argv[1]),
            options=SiteOptions(data=None),
            ready=lambda url: stdout.write(f"{url}\n") and stdout.flush(),
            stop_timeout=float(sys.argv[2]),
        )
