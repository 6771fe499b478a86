"""What Gradio keeps of each session, without what nothing here reads."""

from collections import ChainMap
from itertools import islice
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.routing import Mount

if TYPE_CHECKING:
    import gradio as gr
    from gradio.blocks import Block


class Unkept(dict[int, dict[str, Any]]):
    """Takes the settings of components, and has none."""

    def __setitem__(self, key: int, value: dict[str, Any]) -> None:
        """Keep nothing."""

    def __missing__(self, key: int) -> dict[str, Any]:
        """Nothing is known of any component."""
        return {}


class Latest(ChainMap[int, "Block"]):
    """The components of a page, and the one of a session's own that was made last.

    Gradio makes another component for each change, looks at it at once, and never again.
    """

    def __setitem__(self, key: int, value: "Block") -> None:
        """Keep it in place of the one before."""
        self.maps[0].clear()
        super().__setitem__(key, value)


class States(StateHolder):
    """Sessions without components and settings of their own, for deep links, which are closed here.

    They are most of a session, and callers of endpoints begin one with each question.
    """

    def __getitem__(self, session_id: str) -> SessionState:
        """The state of a session, which begins with its first use."""
        session = super().__getitem__(session_id)
        if not isinstance(session.config_values, Unkept):
            session.config_values = Unkept()
            page, own = self.blocks.default_config, session.blocks_config
            own.blocks = Latest({}, page.blocks)  # type: ignore[assignment]  # it is read as one
            own.fns = page.fns
        return session


class Pending(dict[str, set[str]]):
    """Which events each session waits for; Gradio itself never forgets one that has its answers."""

    def __init__(self, most: int) -> None:
        """No session waits for anything.

        Args:
            most: sessions that are kept even if they wait for nothing: a stream that is about to
                end still looks its session up.
        """
        super().__init__()
        self._most = most

    def __setitem__(self, session: str, events: set[str]) -> None:
        """Keep what a session waits for, and forget the oldest that wait for nothing."""
        super().__setitem__(session, events)
        oldest = list(islice(self, max(0, len(self) - self._most)))
        for each in oldest:
            if not self[each] and each != session:
                del self[each]


def keep_little(app: FastAPI, blocks: "gr.Blocks") -> None:
    """Have a mounted Gradio that nobody uses yet keep its sessions so.

    Args:
        app: Gradio was mounted into it last.
        blocks: what was mounted.
    """
    mount = app.routes[-1]
    if not (isinstance(mount, Mount) and isinstance(mount.app, App)):
        raise TypeError(f"Expected Gradio to be mounted last, found {mount!r}.")
    mount.app.state_holder = States()  # type: ignore[no-untyped-call]  # as all of Gradio
    mount.app.state_holder.set_blocks(blocks)
    blocks._queue.pending_event_ids_session = Pending(blocks.state_session_capacity)
