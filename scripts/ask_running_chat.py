"""Ask a running chat one question over HTTP, with nothing but the standard library."""

import json
import sys
from urllib.request import Request, urlopen


def main(url: str, question: str, expected: str) -> int:
    """Ask; 0 if the answer is grounded and holds the expected text."""
    message = {"role": "user", "content": question}
    body = json.dumps({"model": "verbatim", "messages": [message]}).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{url}/v1/chat/completions", body, headers), timeout=120) as response:
        answer = json.load(response)["choices"][0]["message"]["verbatim"]
    print(answer["text"])
    return 0 if answer["citations"] and expected in answer["text"] else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
