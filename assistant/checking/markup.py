"""Addresses, tags and code: what a statement made of quotes has no use for."""

import re
from collections.abc import Sequence

from assistant.checking.texts import named
from assistant.details import Check
from index.canonical import matching_text

_DOMAIN = r"(?:com|org|net|edu|gov|io|info|biz|ru|cn|de|uk|fr|co|ai|dev|app|xyz|me|tv|am|az|top)"
_MARKUP = re.compile(
    rf"""(?:
    !?\[[^\]\n]*\]\s*\([^)\n]*\)?          # a Markdown link or image
    | !?\[[^\]\n]*\]\s*\[[^\]\n]*\]        # the same by reference
    | \b[a-z][a-z0-9+.-]{{1,15}}://\S*       # an address with its scheme
    | \b(?:javascript|data|mailto|vbscript|file|tel):\S+
    | \bwww\.\S+
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)*
    | \b(?:[\w-]+\.)+{_DOMAIN}\b(?:/\S*)?
    | \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b
    | </?[a-z!?][^>\n]*>?                   # a tag, closed or not
    | &(?:\#\d+|\#x[0-9a-f]+|[a-z]+);
    | `[^`\n]*`? | \$\$?\\ | \\[a-z]+\{{ | \{{\{{ | \}}\}} | \{{% | ^\s{{0,3}}\#{{1,6}}\s | ~~~
    | %(?:[0-9a-f]{{2}}){{1}}(?:%[0-9a-f]{{2}})+
    | \w+\([^)\s]*\)\s*;                    # a call
    )""",
    re.I | re.X | re.M,
)


def check_markup(text: str, premises: Sequence[str]) -> Check:
    """Whether a statement is running text, but for what its quotes hold letter by letter."""
    known = " ".join(matching_text(premise) for premise in premises)
    found = [match[0].strip() for match in _MARKUP.finditer(text)]
    strange = [item for item in found if matching_text(item) not in known]
    if strange:
        return Check("markup", False, f"{named(strange)}: an address, a tag or code of no quote")
    return Check("markup", True, "no address, tag or code that the quotes do not hold")
