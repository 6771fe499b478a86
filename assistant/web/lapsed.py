"""What a restored turn no longer says: sentences whose quotes do not stand in the documents."""

from assistant.web.markup import escape, unquoted
from assistant.web.turns import Turn
from index.counting import plural


def lapsed_of(turn: Turn) -> str:
    """The lapsed sentences with their reasons, plainly apart from the answer; empty without any.

    They are crossed out and lose their quotation marks and markers: nothing here is a quote.
    """
    if not turn.lapsed:
        return ""
    lines = "".join(
        f'<li dir="auto"><del>{unquoted(each.text)}</del> '
        f'<span class="v-why">Because {escape(each.reason)}.</span></li>'
        for each in turn.lapsed
    )
    whole = "This answer no longer stands." if turn.answer is None else "This no longer stands."
    return (
        '<div class="v-lapsed" role="note">'
        f'<p class="v-verdict">{whole}</p>'
        "<p>It was kept when the documents said so; checked just now, they do not. "
        "Ask again to hear what they say today.</p>"
        f'<ul class="v-lapses" role="list">{lines}</ul></div>'
    )


def lapses(turn: Turn) -> str:
    """How many sentences lapsed, for the status line; empty without any."""
    count = len(turn.lapsed)
    return f"{plural(count, 'sentence')} no longer verbatim" if count else ""
