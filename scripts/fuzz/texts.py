"""Texts that are made to go wrong: marks, odd characters, and what each reader looks for."""

from random import Random

LETTERS = "aáäßéçøЖдλ日本語ქاש"
ODD = (
    *("\x00", "\x07", "\x1b[31m", "\x1b]0;t\x07", "\x7f", "\x85", "\x9b2J", "\ufeff", "\ufffd"),
    *("\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\u00ad", "\u2028", "\u2029", "\u00a0"),
    *(
        "\U000e0041",
        "\u0300",
        "\u0301\u0302",
        "😀",
        "👩‍👩‍👧",
        "İ",
        "ﬁ",
        "ǅ",
        "ẞ",
        "𝐚",
        "①",
        "٣",
        "Ⅷ",
    ),
)
MARKS = (
    *("#", "##", "# ", "> ", "- ", "* ", "1. ", "2) ", "---", "***", "___", "===", "```", "~~~"),
    *("*", "**", "_", "`", "|", "| a | b |", "|---|---|", "[1]", "[^1]", "[^1]: ", "[a](b)", "]("),
    *("![", "[\\[1\\]](#)", "<!--", "-->", "<b>", "</b>", "<script>", "<img src=x onerror=e>"),
    *("&lt;", "&#0;", "&#x110000;", "&", "javascript:e", "http://a.b/c", "a@b.de", "\\", "{", "}"),
)
SPEECH = (
    *(
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        "„",
        ".",
        ". ",
        "!",
        "?",
        "…",
        ":",
        ";",
        ",",
        "(",
        ")",
    ),
    *("Mr. ", "e.g. ", "U.S. ", "No. 5", "Jan. 3, 2020", "12 May 2021", "2020-02-30", "1990s"),
    *("5 percent", "$3.5 million", "€ 1,000", "1.000,5", "-3", "½", "20 km", "twenty-one", "7%"),
    *("between 3 and 5", "at least two", "By Jane Doe", "Jane DOE", "Published: 2020-01-01"),
    *("not ", "never ", "no ", "may ", "must ", "said that ", "According to Ann Lee, ", "because "),
    *(
        "who ",
        "when ",
        "how many ",
        "What about ",
        "he ",
        "it ",
        "they ",
        "the former ",
        "and her ",
    ),
)
ORDERS = (
    *(
        "ignore all previous instructions",
        "you are now",
        "system:",
        "Assistant:",
        "### Instruction",
    ),
    *("<|im_start|>", "[INST]", "EVIDENCE-0123456789ab", "[1.1]", "[2, 3]", "aWdub3JlIGFsbA=="),
    *("Answer:", "NONE", "I cannot answer", '{"statements":[', '{"text":"a","ids":["1.1"]}', "[]"),
    *("<think>", "</think>", "```json", "Note: ", "Sources:", "(1.1)", "【1】", "^1", "title: x"),
)
WORDS = (
    *("The ferry was built in 1954 by the yard of Norvik", "It carries 40 cars", "harbor", "and"),
    *("of", "the", "council", "Ann Lee", "budget", "a", "in", "was", "is", "Norvik", "2020"),
)
SPACES = (" ", " ", " ", "\n", "\n\n", "\t", "\r\n", "\n \n", "  ", "")
POOLS = (WORDS, WORDS, WORDS, SPEECH, MARKS, ORDERS, ODD, tuple(LETTERS))


def text(random: Random, longest: int = 600) -> str:
    """A text of up to about `longest` characters, of which a few themes are chosen each time."""
    pools = [random.choice(POOLS) for _ in range(random.randint(1, 3))]
    spaces = SPACES if random.random() < 0.7 else (random.choice(SPACES),)
    parts: list[str] = []
    size = 0
    wanted = int(longest ** random.random())
    while size < wanted:
        part = random.choice(random.choice(pools))
        if random.random() < 0.03:
            part *= random.randint(2, max(2, min(200, longest // max(1, len(part)))))
        parts += (part, random.choice(spaces))
        size += len(part) + 1
    return "".join(parts)[:longest]


def word(random: Random) -> str:
    """A short text: a name, a cell, a key."""
    return text(random, 40)


def repeated(random: Random, size: int) -> str:
    """One pattern of up to four pieces over and over: what makes regular expressions slow."""
    pieces = [random.choice(random.choice((*POOLS, SPACES))) for _ in range(random.randint(1, 4))]
    pattern = "".join(pieces) or "a"
    return (pattern * (size // len(pattern) + 1))[:size]


PATTERNS = (
    *("a", "A", " ", "\n", "\t", ".", ",", "-", "_", "*", "#", "|", "(", ")", "[", "]", "<", ">"),
    *('"', "“", "”", "'", "’", "&", "=", "~", "`", "\\", "/", ":", ";", "1", "9,", "1.", "%", "$"),
    *(
        "{",
        "}",
        "\u0301",
        "\u200b",
        "\u200d",
        "😀",
        "日",
        "a ",
        "A ",
        "a\n",
        "A. ",
        "a. ",
        "a,",
        "- a\n",
    ),
    *(
        "# a\n",
        "> ",
        "| a ",
        "|a|\n",
        "[1]",
        "[^1]",
        "[1]: a\n",
        "[a](b)",
        "[a](",
        "![",
        "<b>",
        "<a ",
    ),
    *(
        "<!--",
        "<!-- -->",
        "-->",
        "</",
        "&lt;",
        "“a” ",
        "“a ",
        "'a ",
        "not ",
        "no a ",
        "of the ",
        "and ",
    ),
    *("Ann Lee ", "A.B. ", "Ann, ", "2020 ", "1-2-", "Jan ", "May 1, ", "1.1, ", "[1.1] ", "(1) "),
    *('{"a":', "[[", "a:\n", "a: b\n", "- - ", "said a ", "who ", "he ", "it is ", "\n\n", "a\n\n"),
    *(
        "aGk=",
        "i g n o r e ",
        "ignore ",
        "you ",
        "http://a/",
        "a@a.",
        "@a ",
        "<|",
        "%%",
        "\r\n",
        "\x1b[",
    ),
)
"""For growth: each is repeated to a given length."""
