import hashlib
import stat
from dataclasses import replace
from datetime import date

import pytest

from assistant.account_file import AccountFile, load, save
from assistant.accounts import (
    COST,
    Account,
    Accounts,
    checked_name,
    checked_password,
    new_token,
    parsed,
    password_record,
    with_token,
)
from assistant.errors import AccountsError

CHEAP = (16, 8, 1)


def accounts(**passwords):
    made = Accounts()
    for name, password in passwords.items():
        made = made.with_account(Account(name, password_record(password, CHEAP)))
    return made


def test_a_password_opens_its_own_account_only():
    made = accounts(anna="correct horse", ben="battery staple")
    assert made.by_password("anna", "correct horse").name == "anna"
    assert made.by_password(" Anna ", "correct horse").name == "anna"
    assert made.by_password("anna", "battery staple") is None
    assert made.by_password("anna", "") is None
    assert made.by_password("anna", "x" * 100_000) is None
    assert made.by_password("carl", "correct horse") is None


def test_a_name_that_nobody_has_costs_as_much(monkeypatch):
    made = Accounts().with_account(Account("anna", password_record("correct horse")))
    work, stretch = [], hashlib.scrypt

    def watched(text, **cost):
        work.append((cost["n"], cost["r"], cost["p"]))
        return stretch(text, **cost)

    monkeypatch.setattr(hashlib, "scrypt", watched)
    assert made.by_password("anna", "wrong password") is None
    assert made.by_password("nobody", "wrong password") is None
    assert len(work) == 2
    assert work[0] == work[1] == COST


def test_a_password_is_the_same_however_it_is_typed():
    made = accounts(anna="caf\u00e9 au lait")
    assert made.by_password("anna", "cafe\u0301 au lait")


def test_nobody_has_the_password_that_unknown_names_are_compared_with():
    only_tokens = Accounts().with_account(with_token(Account("bot"), new_token(), date.today()))
    assert only_tokens.by_password("bot", "") is None
    assert only_tokens.by_password("", "") is None


def test_a_record_has_its_own_salt_and_parameters_and_not_the_password():
    records = {password_record("correct horse", CHEAP) for _ in range(3)}
    assert len(records) == 3
    for record in records:
        assert parsed(record)[0] == CHEAP
        assert "correct" not in record


def test_the_default_costs_what_is_recommended():
    (n, r, p), salt, digest = parsed(password_record("correct horse"))
    assert n * r * p >= 2**15 * 8 * 3
    assert (len(salt), len(digest)) == (16, 32)


def test_a_token_opens_its_account_until_it_is_revoked():
    token = new_token()
    anna = with_token(with_token(Account("anna"), new_token(), date.today()), token, date.today())
    made = accounts(ben="correct horse").with_account(anna)
    assert made.by_token(token).name == "anna"
    assert made.by_token(token[:-1]) is made.by_token(new_token()) is made.by_token("") is None
    assert made.with_account(replace(anna, tokens=())).by_token(token) is None
    assert token not in "".join(anna.tokens)


@pytest.mark.parametrize("name", ["", "a b", "-anna", "anna.", "../anna", "änna", "a" * 65, "a\n"])
def test_names_are_plain(name):
    if name == "a\n":
        assert checked_name(name) == "a"
        return
    with pytest.raises(AccountsError, match="Choose another"):
        checked_name(name)


def test_short_passwords_are_refused():
    with pytest.raises(AccountsError, match="found 7"):
        checked_password("1234567")
    assert checked_password("12345678") == "12345678"


def test_a_file_holds_what_was_saved_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "accounts"
    path.write_text("old")
    path.chmod(0o644)
    made = accounts(anna="correct horse", ben="battery staple")
    made = made.with_account(with_token(made.by_name["ben"], new_token(), date(2026, 5, 1)))
    save(made, path)
    assert load(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["accounts"]


GOOD = password_record("correct horse", CHEAP)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("anna", "line 3: expected a name"),
        ("anna password hunter2", "line 3: expected one password record of anna"),
        ("anna password scrypt:15:8:1:AAAA:AAAA", "line 3"),
        (f"anna password {GOOD.replace('scrypt:16', 'scrypt:1099511627776')}", "line 3"),
        (f"ben password {GOOD}", "a second password"),
        ("anna token 2026-05-01:abc", "line 3"),
        (f"../anna password {GOOD}", "line 3: expected a name"),
        (f"anna secret {GOOD}", "line 3"),
    ],
    ids=range(8),  # a record has other salt each time
)
def test_a_broken_file_names_the_line_and_repeats_no_secret(tmp_path, line, message):
    path = tmp_path / "accounts"
    path.write_text(f"# Verbatim accounts, version 1\nben password {GOOD}\n{line}\n")
    with pytest.raises(AccountsError, match=message) as caught:
        load(path)
    assert "hunter2" not in str(caught.value)
    assert GOOD not in str(caught.value)


def test_another_file_is_no_file_of_accounts(tmp_path):
    with pytest.raises(AccountsError, match="assistant users add"):
        load(tmp_path / "missing")
    for content in (b"", b"anna:secret\n", b"\xff\xfe"):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(AccountsError, match="other"):
            load(tmp_path / "other")


def test_changes_of_the_file_are_seen_and_a_broken_one_lets_nobody_in(tmp_path):
    path = tmp_path / "accounts"
    save(accounts(anna="correct horse"), path)
    file = AccountFile(path)
    save(accounts(anna="correct horse", ben="battery staple"), path)
    assert set(file.current().by_name) == {"anna", "ben"}
    path.write_text("broken")
    for _ in range(2):
        with pytest.raises(AccountsError, match="line 1"):
            file.current()
    path.unlink()
    with pytest.raises(AccountsError, match="found nothing"):
        file.current()
    save(accounts(ben="battery staple"), path)
    assert set(file.current().by_name) == {"ben"}


def test_a_stamp_changes_with_the_password_only():
    anna = Account("anna", GOOD)
    assert with_token(anna, new_token(), date.today()).stamp == anna.stamp
    assert Account("anna", password_record("correct horse", CHEAP)).stamp != anna.stamp
