"""What is kept of each session of the page."""

from assistant.web.states import Latest


def test_a_session_keeps_the_last_component_of_its_own_alone():
    first, second, shown, hidden = object(), object(), object(), object()
    page = {1: first, 2: second}
    latest = Latest({}, page)
    latest[1] = shown
    assert latest[1] is shown
    latest[2] = hidden
    assert (latest[1], latest[2]) == (first, hidden)
    assert page == {1: first, 2: second}
