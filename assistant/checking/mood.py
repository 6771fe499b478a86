"""Whether quotes state anything: a request asserts nothing, and cannot bear a statement out.

A model that obeys what a document tells it cites the sentence that told it so, whose words it
repeats. No comparison of words would notice. So requests are left out of what is compared; the
extractive reader may still quote them, as what they are.
"""

import re

from assistant.checking.texts import plain
from assistant.details import Check
from index.segmentation import find_sentences

_VERBS = """
    accept access act add address advertise advise alert announce answer append apply approve
    arrange ask assign assume attach avoid be begin believe book bring broadcast build buy
    calculate call cancel change check choose cite claim click close collect compare compile
    complete compose compute conclude confirm connect consider contact continue convert convince
    copy correct create decide declare decode delete deliver deny describe direct discard disclose
    display disregard divide do donate download draft draw email emphasize enable encode encourage
    end endorse ensure enter exclude execute explain express extract fill find finish follow
    forget format forward generate get give go grant greet guide hand help hide highlight identify
    ignore imagine include increase indicate inform insert insist inspect install instruct
    introduce invent invite invoke join keep label laugh leave let link list load log look mail
    make mark mention message mimic modify move multiply name navigate notify obey offer omit open
    order output override paraphrase paste pay perform phrase pick place plan play please portray
    post praise predict prefer prefix prepare present pretend print proceed produce promote
    propose provide publish purchase push put quote rank rate read rearrange recall recite
    recommend record redirect refer reformat refuse regard register reject remember remind remove
    render repeat rephrase replace reply report request resolve respond restart return reveal
    reverse review revise rewrite run save say schedule scramble search see select sell send set
    share shift show sign sing solve speak spell spread start state stop store stress submit
    subscribe substitute suggest sum summarise summarize swap switch take talk tell test thank
    think transfer transform translate transmit treat try turn type update upgrade upload urge use
    utter verify view visit vote wait warn watch write
"""
_IMPERATIVE = "|".join(sorted(set(_VERBS.split()), key=len, reverse=True))
_OPENER = (
    r"(?:(?:and|also|then|now|next|first|second|third|finally|lastly|instead|please|kindly|just"
    r"|only|simply|always|never|so|therefore|afterwards?|additionally|moreover|again|immediately"
    r"|important(?:ly)?|note|notice|attention|reminder|task|instructions?|step \d+|p\.?s\.?|\d{1,2}"
    r"|do not|don['’]t|you (?:must|should|shall|will|need to|have to|are to|may)"
    r"(?: now| only| always)?)\b[\s,:.)!–—-]*)"
)
_CLAUSE = (
    r"(?:(?:when|whenever|if|before|after|while|once|as soon as|unless|until"
    r"|in (?:your|the|any|every|all)|at the|for (?:all|any|every|each|the|this)|to|instead of"
    r"|rather than|by way of|as|on|with|from now on|whatever|regardless)\b[^,;:.]{1,120}[,:]\s*)"
)
_OBJECT = (
    r"(?=\s+(?:(?:an?|the|this|that|these|those|your|my|our|his|her|its|their|any|all|every|each"
    r"|some|one|two|three|only|it|them|him|us|me|yourself|everyone|everybody|nobody|users?|readers?"
    r"|people|with|as|in|into|to|from|for|about|by|on|off|out|up|down|over|back|whether|what|who"
    r"|how|where|when|why|whatever|whoever|and|or|also|then|not|no|more|less|please|here|there"
    r"|exactly|nothing|anything|something|like|instead|again|always|never|immediately|first|after"
    r"|before)\b|\d|[“\"‘«(:])|\s*[:,.!—–]|\s*$)"
)
_REQUEST = re.compile(
    rf"^[\W_]*(?:[\w’' ]{{1,40}}:\s+)?{_CLAUSE}?{_OPENER}{{0,4}}{_CLAUSE}?{_OPENER}{{0,3}}"
    rf"(?P<verb>{_IMPERATIVE})\b{_OBJECT}",
    re.I,
)
_OWN = re.compile(r"\b(?:I|I['’](?:m|ve|ll|d)|me|my|mine|myself)\b")
_YOU = re.compile(r"\b(?:you|your|yours|yourself|yourselves|you['’](?:re|ve|ll|d))\b", re.I)
_QUOTED = re.compile(r"[“\"«][^”\"»]*[”\"»]")


def is_request(sentence: str) -> bool:
    """Whether a sentence asks somebody to do something: "Send the form to the office"."""
    return _REQUEST.match(plain(sentence)) is not None


def stated(quote: str) -> str:
    """The sentences of a quote that state something; the rest is left out."""
    spans = find_sentences(quote, 0, len(quote))
    return " ".join(quote[a:b] for a, b in spans if not is_request(quote[a:b]))


def check_mood(text: str, premises: str) -> Check:
    """Whether the quotes state anything, and the statement is not spoken to or by somebody new.

    Args:
        text: the statement.
        premises: what its quotes state, see `stated`.
    """
    if not premises.strip():
        return Check("mood", False, "its quotes ask for something, and state nothing")
    if is_request(text):
        return Check("mood", False, "it asks for something, and states nothing")
    words = _QUOTED.sub("", text)
    for who, pattern in (("the writer", _OWN), ("the reader", _YOU)):
        if pattern.search(words) and not pattern.search(premises):
            return Check("mood", False, f"it speaks of {who}, and its quotes do not")
    return Check("mood", True, "its quotes state something")
