"""Which paragraphs are headings, by the size and weight of their letters."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.loaders.pdf.flow import LEADERS, Paragraph
from index.loaders.pdf.values import Column
from index.markup import ENDED

_LARGER = 1.12
"""Times the size of running text."""
_SAME_SIZE = 1.05
_LONGEST = 250
_LONGEST_BOLD = 120
_MOST = 0.3
"""Share of the text in headings: where there is more, sizes mean something else."""
_LEVELS = 4
_SENTENCE_END = re.compile(r"[.,;]$")


def body_size(columns: Iterable[Column]) -> float:
    """The size of running text: that of most characters."""
    sizes: Counter[float] = Counter()
    for column in columns:
        for line in column.lines:
            if not line.is_table:
                sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def find_headings(paragraphs: Sequence[Paragraph], body: float) -> dict[int, int]:
    """Levels of the headings, by the index of the paragraph.

    Args:
        paragraphs: of the document.
        body: size of running text.
    """
    large = {
        index: paragraph.lines[0].size
        for index, paragraph in enumerate(paragraphs)
        if _is_large(paragraph, body)
    }
    everything = sum(len(paragraph.text) for paragraph in paragraphs)
    if sum(len(paragraphs[index].text) for index in large) > _MOST * everything:
        large = {}
    steps: list[float] = []
    for size in sorted(set(large.values()), reverse=True):
        if not steps or steps[-1] > _SAME_SIZE * size:
            steps.append(size)
    levels = {
        index: min(sum(size * _SAME_SIZE < step for step in steps) + 1, _LEVELS)
        for index, size in large.items()
    }
    return levels | _bold(paragraphs, body, min(len(steps) + 1, _LEVELS), levels)


def _is_large(paragraph: Paragraph, body: float) -> bool:
    first = paragraph.lines[0]
    is_other = first.is_table or first.is_code or paragraph.is_item
    if is_other or first.size <= _LARGER * body or LEADERS.search(paragraph.text):
        return False
    text = paragraph.text
    return len(text) <= _LONGEST and sum(map(str.isalnum, text)) >= 2


def _bold(
    paragraphs: Sequence[Paragraph], body: float, level: int, known: dict[int, int]
) -> dict[int, int]:
    """Bold lines of their own, followed by text that is not bold."""
    found = {}
    bold = sum(len(p.text) for p in paragraphs if p.lines[0].bold)
    if bold > _MOST * sum(len(p.text) for p in paragraphs):
        return {}
    for index, paragraph in enumerate(paragraphs[:-1]):
        following = paragraphs[index + 1]
        text = paragraph.text
        if (
            index not in known
            and all(line.bold and not line.is_table for line in paragraph.lines)
            and paragraph.lines[0].size * _SAME_SIZE >= body
            and len(text) <= _LONGEST_BOLD
            and sum(map(str.isalpha, text)) >= 2
            and not paragraph.is_item
            and not paragraph.lines[0].is_code
            and not LEADERS.search(text)
            and not _SENTENCE_END.search(text)
            and (not ENDED.search(text) or text.endswith("?"))
            and (not following.lines[0].bold or following.lines[0].is_table)
        ):
            found[index] = level
    return found
