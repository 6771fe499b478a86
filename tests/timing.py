"""Waiting for what happens elsewhere, and the time that commands take of a processor."""

import os
import time


def until(condition, seconds=30, pause=time.sleep):
    """Looks again and again until a condition holds.

    `pause` gets seconds: a page's events are heard only while its driver waits.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        pause(0.02)


def spent():
    """Processor time of the commands that were run: others here take none of it."""
    used = os.times()
    return used.children_user + used.children_system
