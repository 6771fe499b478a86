from assistant.web import limits
from assistant.web.limits import Lockout, Rate, address_of
from assistant.web.sessions import IDLE, LONGEST, MOST_OF_A_USER, Sessions


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_user_gets_five_tries_then_ever_longer_waits():
    clock = Clock()
    lockout = Lockout(clock)
    assert [lockout.begin("anna", f"10.0.0.{n}") for n in range(5)] == [0] * 5
    waits = []
    for n in range(14):
        waits.append(lockout.begin("anna", f"10.0.1.{n}"))
        clock.now += waits[-1]
        assert lockout.begin("anna", f"10.0.1.{n}") == 0
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == Lockout.LONGEST


def test_an_address_is_counted_over_all_names():
    lockout = Lockout(Clock())
    assert [lockout.begin(f"user{n}", "10.0.0.1") for n in range(15)] == [0] * 15
    assert lockout.begin("anna", "10.0.0.1") > 0
    assert lockout.begin("anna", "10.0.0.2") == 0


def test_a_refused_try_does_not_lengthen_the_wait():
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(5):
        lockout.begin("anna", "10.0.0.1")
    assert [lockout.begin("anna", "10.0.0.1") for _ in range(10)] == [1] * 10


def test_the_right_password_frees_the_user_but_not_the_address():
    lockout = Lockout(Clock())
    for n in range(20):
        assert lockout.begin("mine", "10.0.0.1") == 0 or n >= 15
        lockout.succeed("mine", "10.0.0.1")
    for n in range(14):
        assert lockout.begin(f"other{n}", "10.0.0.1") == 0
        assert lockout.begin("mine", "10.0.0.1") == 0
        lockout.succeed("mine", "10.0.0.1")
    lockout.begin("another", "10.0.0.1")
    assert lockout.begin("mine", "10.0.0.1") > 0


def test_failures_are_forgotten_after_an_hour_and_not_all_are_kept(monkeypatch):
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(5):
        lockout.begin("anna", "10.0.0.1")
    clock.now += Lockout.FORGOTTEN + 1
    assert lockout.begin("anna", "10.0.0.1") == 0
    assert lockout.begin("anna", "10.0.0.1") == 0
    monkeypatch.setattr(limits, "MOST_KEPT", 10)
    for n in range(100):
        lockout.begin(f"user{n}", f"10.0.0.{n}")
    assert len(lockout._failures) == 10


def test_a_minute_has_so_many_questions_for_each():
    clock = Clock()
    rate = Rate(6, clock)
    assert [rate.take("anna") for _ in range(6)] == [0] * 6
    assert rate.take("anna") == 10
    assert rate.take("ben") == 0
    clock.now += 4
    assert rate.take("anna") == 6
    clock.now += 6
    assert rate.take("anna") == 0
    assert rate.take("anna") == 10
    clock.now += 1e6
    assert [rate.take("anna") for _ in range(7)] == [0] * 6 + [10]


def test_none_means_any_number():
    rate = Rate(0, Clock())
    assert {rate.take("anna") for _ in range(1000)} == {0}


def test_a_household_has_one_address():
    def at(host):
        return address_of({"client": (host, 1)})

    assert at("10.0.0.1") == at("::ffff:10.0.0.1") != at("10.0.0.2")
    assert at("2001:db8::1") == at("2001:db8::ffff:1") != at("2001:db8:0:1::1")
    assert at("fe80::1%eth0") == "fe80::/64"
    assert address_of({"client": None}) == ""


def test_a_session_ends_when_it_is_not_used_and_after_a_week():
    clock = Clock()
    sessions = Sessions(clock)
    idle, used = sessions.begin("anna", "s"), sessions.begin("anna", "s")
    clock.now += IDLE
    assert sessions.find(used).user == "anna"
    clock.now += 1
    assert sessions.find(idle) is None
    for _ in range(int(LONGEST / IDLE)):
        clock.now += IDLE - 1
        sessions.find(used)
    clock.now += IDLE
    assert sessions.find(used) is None


def test_sessions_end_one_by_one_and_all_at_once():
    sessions = Sessions(Clock())
    first, second, ben = (sessions.begin(user, "s") for user in ("anna", "anna", "ben"))
    sessions.end(first)
    assert sessions.find(first) is None
    assert sessions.find(second)
    sessions.end_all("anna")
    assert sessions.find(second) is sessions.find("") is None
    assert sessions.find(ben).user == "ben"


def test_a_user_has_only_so_many_sessions_and_the_server_keeps_no_keys():
    clock = Clock()
    sessions = Sessions(clock)
    keys = []
    for _ in range(MOST_OF_A_USER + 3):
        clock.now += 1
        keys.append(sessions.begin("anna", "s"))
    assert [sessions.find(key) is None for key in keys] == [True] * 3 + [False] * MOST_OF_A_USER
    assert not set(keys) & set(sessions._sessions)
