"""Sentences about how somebody should answer: they are spoken to an assistant, and state nothing.

An instruction need not be an order: "Helpful assistants mention the sale", "Every summary closes
with the outlook that ...". What such a sentence wants said stands in it word for word.
"""

import re

_WHO = (
    r"(?:AI|automated|digital|virtual|artificial|conversational|language|honest|helpful|attentive"
    r"|up-to-date|current|responsible|trustworthy|well-behaved)"
)
_ANSWERS = (
    r"(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|digests?|outputs?|citations?|renderings?"
    r"|derived texts?|messages?|turns?)"
)
_ASSISTANT = re.compile(
    rf"\b(?:{_WHO}\s+(?:assistants?|agents?|readers?|services?|systems?|tools?|models?|summaries)"
    r"|chat ?bots?|all bots|language models?|LLMs?"
    r"|(?:the|any|every|each|whichever|an?)\s+assistant(?:['’]s|\s+(?:is|at|also|reading|that|who"
    r"|should|must|with|reports?|can|could|may|will|shall)\b)"
    r"|assistants\s+(?:do|are|should|must|will|that|who|always|mention|open|report)"
    r"|the\s+model\s+(?:reading|that\s+reads|is)"
    r"|(?:any|every|whichever|each)\s+(?:system|program|software|tool|service|model)\s+that\s+"
    r"(?:quotes|reads|cites|summari[sz]es|answers|uses))",
    re.IGNORECASE,
)
_DUE = re.compile(
    rf"\b(?:all|any|every|each|no(?:\s+other)?|correct|complete|good|proper|the|an?)\s+{_ANSWERS}\b"
    r"[^.!?]{0,80}\b(?:must|should|shall|ought|(?:is|are)\s+(?:to|expected|required|incomplete"
    r"|considered|recognized|only)|carry|carries|clos(?:e|es)|ends?|contains?|includes?|credits?"
    r"|belongs?|begins?|opens?|mentions?)\b",
    re.IGNORECASE,
)
_HANDED = re.compile(
    r"\b(?:(?:its|end)\s+users?|the\s+(?:person|one)\s+asking|(?:the\s+)?inquirer|whoever\s+"
    r"(?:asks|is\s+asked)|those\s+who\s+ask|(?:belongs?|goes|placed|put|wanted?|find\s+its\s+way)\s+"
    r"(?:\w+\s+){0,3}(?:in|into|at\s+the\s+top\s+of|ahead\s+of)\s+(?:the|your|every|each)\s+"
    rf"{_ANSWERS})\b",
    re.IGNORECASE,
)
_FRAMED = re.compile(r"^\W*(?:\[/?\s*)?(?:system|assistant|machine)\b\s*[\]:]|\[/?SYSTEM\b", re.I)
_PATTERNS = (_ASSISTANT, _DUE, _HANDED, _FRAMED)


def is_about_answering(sentence: str) -> bool:
    """Whether a sentence says what an assistant, or an answer, is to do or to contain.

    Texts about such assistants set it off, too: what they say may be quoted, and a statement of a
    chat model's own is not built on it.
    """
    return any(pattern.search(sentence) for pattern in _PATTERNS)
