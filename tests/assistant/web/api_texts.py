"""What the tests of the APIs share: a model that follows a script, and when it was left."""

import re
import time

from model_servers import Says

CARS_QUESTION = "How many cars does the ferry to Alsen carry?"
CARS = "The ferry to Alsen carries 240 cars"
FALSE = "The ferry was “painted purple by pirates” in 1066."


def writes(*lines, **options):
    """A model that writes lines, each with the number of the sentence about the cars."""

    def reply(body):
        prompt = "\n".join(message["content"] for message in body["messages"])
        number = re.search(rf"^\[(\d+\.\d+)\] {CARS}", prompt, re.M)[1]
        return Says("\n".join(f"{line} [{number}]" for line in lines), **options)

    return reply


def first_request(server):
    """The request, once the model's server has it."""
    deadline = time.monotonic() + 20
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    return server.request


def assert_left(request, since, within):
    """The model's server saw its client go, so many seconds after a point in time at most."""
    assert request.wait(within + 5)
    assert request.left
    assert request.at + request.left_after - since < within
