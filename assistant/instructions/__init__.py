"""Which parts of a document are addressed to an assistant rather than to a reader.

A document can hold instructions that somebody planted for the model that will read it: indirect
prompt injection (Greshake et al. 2023, arXiv:2302.12173). What such a part says is no evidence,
whoever reads it. Plain rules in linear time, no model; ordinary prose must not set them off.
"""

from functools import lru_cache

from assistant.instructions.cues import addressed
from assistant.instructions.folding import fold, without_lookalikes, without_spacing
from assistant.instructions.hidden import encoded, markup, tag_runs
from assistant.instructions.regions import Region, merged, region_of

_CACHED = 4096


def instructed_spans(text: str) -> list[tuple[int, int]]:
    """Find what a text says to an assistant or a model.

    A sentence that does so takes the rest of its paragraph with it, because what it asks for comes
    after it. What readers do not see at all (HTML comments, hidden elements, tag characters) counts
    as well, whatever it says.

    Args:
        text: of a document or a passage.

    Returns:
        Half-open spans of `text`, in order, that neither touch nor overlap.
    """
    return list(_spans(text))


@lru_cache(maxsize=_CACHED)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    regions: list[Region] = [*markup(text), *tag_runs(text)]
    folded = fold(text)
    regions += folded.original(addressed(folded.text))
    if not text.isascii():
        plain = without_lookalikes(folded.text)
        if plain != folded.text:
            regions += folded.original(addressed(plain))
    for start, hidden in (*without_spacing(folded.text), *encoded(folded.text, text, folded)):
        if addressed(hidden):
            regions += folded.original([region_of(folded.text, start, start + 1)])
    return tuple(merged(regions))
