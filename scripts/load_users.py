"""Users of a running chat: each asks as the page does, as a program does, or by OpenAI's API."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

CONVERSATION = 5
"""Questions after which a user of the page clears it for a new conversation."""
LONGEST = 120.0
"""Seconds without anything from the server, after which an answer has failed: it hangs."""
BUSY = "Please ask again"
"""Said by every refusal that is meant: too many questions wait, or the server is about to end."""


class Busy(Exception):
    """The server said that it has no place for another question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question."""

    way: str
    """`page`, `endpoint` or `stream`."""
    seconds: float
    error: str | None = None
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Events:
    """What Gradio's queue is asked for."""

    ask: int
    """Number of the endpoint."""
    page: int
    """Number of the event of the question's box."""
    trigger: int
    """The box itself."""
    inputs: tuple[Any, ...]
    """What the event takes besides the question."""
    clear: int
    """Number of the event of the button "Clear"."""
    button: int
    """The button itself."""

    @classmethod
    def of(cls, config: dict[str, Any]) -> "Events":
        """Those of a page.

        Args:
            config: as `/config` gives it.
        """
        named = {item["api_name"]: item for item in config["dependencies"]}
        props = {item["id"]: item["props"] for item in config["components"]}
        targets = [
            (item, component, event)
            for item in config["dependencies"]
            for component, event in item["targets"]
        ]
        page, trigger = next(each[:2] for each in targets if each[2] == "submit")
        clear, button = next(
            each[:2] for each in targets if props.get(each[1], {}).get("elem_id") == "v-clear"
        )
        inputs = tuple(props[component].get("value") for component in page["inputs"][1:])
        return cls(named["ask"]["id"], page["id"], trigger, inputs, clear["id"], button)


class User:
    """One user, who waits for each answer before asking again."""

    def __init__(self, client: httpx.AsyncClient, events: Events) -> None:
        self._client = client
        self._events = events
        self._session = uuid4().hex
        self._asked = 0

    async def page(self, question: str) -> None:
        """Ask as a page does that stays open, in one conversation after the other.

        Raises:
            RuntimeError: there was no answer.
            Busy: there is no place for the question.
        """
        events = self._events
        if self._asked and self._asked % CONVERSATION == 0:
            await self._on_page(events.clear, events.button, [])
        self._asked += 1
        output = await self._on_page(events.page, events.trigger, [question, *events.inputs])
        if "v-turn v-done" not in json.dumps(output["data"]):
            raise RuntimeError("the page shows no answer")

    async def _on_page(self, event: int, trigger: int, data: list[Any]) -> dict[str, Any]:
        asked = {"fn_index": event, "data": data, "event_data": None, "trigger_id": trigger}
        return await self._queued(asked, self._session)

    async def endpoint(self, question: str) -> None:
        """Ask as Gradio's client does; see `page`."""
        event = {"fn_index": self._events.ask, "data": [question, None, None, None]}
        output = await self._queued(event, uuid4().hex)
        if output["data"][0]["status"] not in ("answered", "abstained"):
            raise RuntimeError("the endpoint gave no answer")

    async def stream(self, question: str) -> None:
        """Ask for a stream by OpenAI's API; see `page`."""
        message = {"role": "user", "content": question}
        body = {"model": "verbatim", "messages": [message], "stream": True}
        url, last = "/v1/chat/completions", ""
        async with self._client.stream("POST", url, json=body) as response:
            if response.status_code != 200:
                raise _refused(response.status_code, (await response.aread()).decode())
            async for line in response.aiter_lines():
                last = line or last
        if last != "data: [DONE]":
            raise RuntimeError(f"the stream ended with {last[:200]}")

    async def _queued(self, event: dict[str, Any], session: str) -> dict[str, Any]:
        whole = {**event, "session_hash": session}
        joined = await self._client.post("/gradio_api/queue/join", json=whole)
        if joined.status_code != 200:
            raise _refused(joined.status_code, joined.text)
        query = {"session_hash": session}
        async with self._client.stream("GET", "/gradio_api/queue/data", params=query) as response:
            async for line in response.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(str(message["output"])[:200])
                    return dict(message["output"])
        raise RuntimeError("the server broke off")


def _refused(status: int, text: str) -> Exception:
    said = f"{status}: {text[:200]}"
    return Busy(said) if status == 503 and BUSY in text else RuntimeError(said)


async def asked(way: str, ask: Callable[[str], Awaitable[None]], question: str) -> Asked:
    """Ask once, and take the time."""
    started = time.perf_counter()
    try:
        await ask(question)
    except Busy:
        return Asked(way, time.perf_counter() - started, is_busy=True)
    except (RuntimeError, httpx.HTTPError, KeyError, ValueError) as error:
        return Asked(way, time.perf_counter() - started, f"{type(error).__name__}: {error}")
    return Asked(way, time.perf_counter() - started)


async def ask_for(
    url: str, headers: dict[str, str], users: int, seconds: float, questions: Sequence[str]
) -> list[Asked]:
    """Have so many users ask, each again and again, for so long.

    Half of them use the page, a quarter Gradio's endpoint, and a quarter streams.
    """
    events = await _events(url, headers)
    end = time.monotonic() + seconds

    async def use(number: int) -> list[Asked]:
        results: list[Asked] = []
        async with httpx.AsyncClient(base_url=url, timeout=LONGEST, headers=headers) as client:
            user = User(client, events)
            way = ("page", "endpoint", "page", "stream")[number % 4]
            while time.monotonic() < end:
                question = questions[(7 * number + len(results)) % len(questions)]
                results.append(await asked(way, getattr(user, way), question))
                if results[-1].is_busy:
                    await asyncio.sleep(1)
        return results

    found = await asyncio.gather(*map(use, range(users)))
    return [result for results in found for result in results]


async def burst(
    url: str, headers: dict[str, str], size: int, questions: Sequence[str]
) -> list[Asked]:
    """Have many more ask at once than can be answered or wait."""
    events = await _events(url, headers)
    limits = httpx.Limits(max_connections=2 * size)
    async with httpx.AsyncClient(
        base_url=url, timeout=LONGEST, headers=headers, limits=limits
    ) as client:
        users = [User(client, events) for _ in range(size)]
        jobs = [
            asked("endpoint", user.endpoint, questions[number % len(questions)])
            for number, user in enumerate(users)
        ]
        return list(await asyncio.gather(*jobs))


async def _events(url: str, headers: dict[str, str]) -> Events:
    async with httpx.AsyncClient(base_url=url, timeout=LONGEST, headers=headers) as client:
        return Events.of((await client.get("/config")).raise_for_status().json())
