import pytest
from lxml import etree

from index.loaders.office.word_lists import Lists, written

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(number, form, text, start=1):
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists_of(levels, numbers='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    xml = f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{numbers}'
    return Lists(etree.fromstring(f"{xml}</w:numbering>"))


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (4, "lowerLetter", "d"),
        (28, "upperLetter", "BB"),
        (1994, "lowerRoman", "mcmxciv"),
        (9, "upperRoman", "IX"),
        (0, "lowerRoman", "0"),
        (3, "chineseCounting", "3"),
    ],
)
def test_numbers(count, form, expected):
    assert written(count, form) == expected


def test_levels_count_for_themselves_and_begin_anew_below_a_higher_one():
    lists = lists_of(level(0, "decimal", "%1.") + level(1, "lowerLetter", "%1.%2)"))
    labels = [lists.label(1, depth) for depth in (0, 1, 1, 0, 1, 0)]
    assert labels == ["1.", "1.a)", "1.b)", "2.", "2.a)", "3."]


def test_a_list_goes_on_in_another_or_begins_anew():
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    numbers = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{change}</w:num>'
        for number, change in [(1, ""), (2, ""), (3, anew)]
    )
    lists = lists_of(level(0, "decimal", "Article %1"), numbers)
    labels = [lists.label(number, 0) for number in (1, 1, 2, 3, 3)]
    assert labels == ["Article 1", "Article 2", "Article 3", "Article 7", "Article 8"]


def test_bullets_and_what_is_no_list():
    lists = lists_of(level(0, "bullet", "\uf0b7") + level(1, "none", ""))
    assert [lists.label(1, 0), lists.label(1, 1)] == ["-", ""]
    assert [lists.label(0, 0), lists.label(5, 0), lists.label(1, 4)] == [None, None, None]
    assert Lists(None).label(1, 0) is None
