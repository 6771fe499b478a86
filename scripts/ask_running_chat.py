"""Ask a running chat one question over HTTP, with nothing but the standard library."""

import json
import sys
from urllib.request import Request, urlopen


def main(url: str, question: str, expected: str) -> int:
    """Ask; 0 if the answer is grounded and holds the expected text."""
    body = json.dumps({"data": [question, None, None]}).encode()
    request = Request(f"{url}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    event = json.load(urlopen(request, timeout=60))["event_id"]
    with urlopen(f"{url}/gradio_api/call/ask/{event}", timeout=120) as stream:
        lines = stream.read().decode().splitlines()
    data = next(line for line in reversed(lines) if line.startswith("data: "))
    answer = json.loads(data.removeprefix("data: "))[0]
    print(answer["text"])
    return 0 if answer["citations"] and expected in answer["text"] else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
