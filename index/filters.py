"""What a `Filter` compares: names without case and accents, dates with their precision."""

import re
import unicodedata
from calendar import monthrange

_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ə": "a", "Ə": "a"}
)
"""Letters that Unicode does not decompose, as an English keyboard would type them."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def folded(text: str) -> str:
    """The text without case, accents and repeated white space: `Işık  AYDIN` gives `isik aydin`."""
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.casefold().translate(_LETTERS).split())


def date_range(iso: str) -> tuple[str, str] | None:
    """The first and last day an ISO date of day, month or year precision can mean.

    Returns:
        Two ISO days, or None where there is no such date.
    """
    match = _DATE.fullmatch(iso)
    if match is None:
        return None
    year, month, day = match.groups()
    if not month:
        return (f"{year}-01-01", f"{year}-12-31") if int(year) else None
    if not (1 <= int(month) <= 12 and int(year)):
        return None
    days = monthrange(int(year), int(month))[1]
    if not day:
        return f"{year}-{month}-01", f"{year}-{month}-{days:02d}"
    return (iso, iso) if 1 <= int(day) <= days else None
