"""Servers that speak the protocols of Ollama and Anthropic, as far as the chat models need."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OLLAMA = "/api/chat"
ANTHROPIC = "/v1/messages"


def ollama_lines(text):
    """A reply of Ollama: an object a line."""
    for piece in pieces(text):
        yield {"model": "m", "message": {"role": "assistant", "content": piece}, "done": False}
    last = {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}
    yield {**last, "done_reason": "stop", "prompt_eval_count": 7, "eval_count": 3}


def anthropic_events(text, thinking=""):
    """A reply of Anthropic: events, thinking before the text."""
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m"}
    usage = {"input_tokens": 7, "output_tokens": 1}
    yield {"type": "message_start", "message": {**message, "usage": usage}}
    blocks = [("text", "text_delta", text)]
    if thinking:
        blocks.insert(0, ("thinking", "thinking_delta", thinking))
    for index, (kind, delta, content) in enumerate(blocks):
        block = {"type": kind, kind: "", **({"signature": ""} if kind == "thinking" else {})}
        yield {"type": "content_block_start", "index": index, "content_block": block}
        for piece in pieces(content):
            told = {"type": delta, kind: piece}
            yield {"type": "content_block_delta", "index": index, "delta": told}
        yield {"type": "content_block_stop", "index": index}
    ended = {"stop_reason": "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {**usage, "output_tokens": 3}}
    yield {"type": "message_stop"}


def pieces(text):
    return [text[start : start + 4] for start in range(0, len(text), 4)]


class Wire:
    """What the server saw."""

    def __init__(self):
        self.bodies = []
        self.left = threading.Event()
        self.url = ""


@contextmanager
def serving(events, *, delay=0.0, status=200):
    """A server whose reply is `events`, or an error where the status says so."""
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            wire.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            lines = self.path == OLLAMA
            self.send_response(status)
            kind = "application/x-ndjson" if lines else "text/event-stream"
            self.send_header("Content-Type", kind if status == 200 else "application/json")
            self.end_headers()
            try:
                for event in events:
                    head = "" if lines or status != 200 else f"event: {event['type']}\ndata: "
                    end = "\n" if lines else "\n\n"
                    self.wfile.write(f"{head}{json.dumps(event)}{end}".encode())
                    time.sleep(delay)
            except OSError:
                wire.left.set()

        def log_message(self, *args):
            """Stays quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    wire.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
