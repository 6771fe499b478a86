"""Files of accounts whose passwords cost nothing to check."""

from datetime import date

from assistant.account_file import save
from assistant.accounts import Account, Accounts, new_token, password_record, with_token

PASSWORDS = {"anna": "correct horse", "ben": "battery staple"}


def account_file(path, passwords=PASSWORDS):
    """Writes a file, and returns a token of each user."""
    accounts, tokens = Accounts(), {}
    for name, password in passwords.items():
        tokens[name] = new_token()
        account = Account(name, password_record(password, (16, 8, 1)))
        accounts = accounts.with_account(with_token(account, tokens[name], date(2026, 5, 1)))
    save(accounts, path)
    return tokens
