"""Whether quotes state anything: a request asserts nothing, and cannot bear a statement out.

A model that obeys what a document tells it cites the sentence that told it so, whose words it
repeats. No comparison of words would notice. So requests are left out of what is compared; the
extractive reader may still quote them, as what they are.
"""

import re

from assistant.checking.answering import is_about_answering
from assistant.checking.texts import plain
from assistant.details import Check
from index.segmentation import find_sentences

_VERBS = """
    accept access acknowledge act add address admit advertise advise affirm alert announce answer
    append apply appoint approve arrange ask assert assign assume attach attribute avoid be begin
    believe blame book bring broadcast build buy calculate call cancel cast certify change check
    choose cite claim click close collect commit compare compile complete comply compose compute
    concede concentrate conclude confirm connect consider contact continue convert convey convince
    cooperate copy correct create crown decide declare decode decrypt defend delete deliver deny
    depict describe dictate differentiate direct disable discard disclose dismiss display
    disregard distribute divide do donate download draft draw drop echo elaborate email emphasize
    enable enclose encode encourage encrypt end endorse engage ensure enter enumerate erase
    escalate establish estimate evaluate examine exchange exclude execute expand explain expose
    express extract facilitate fill finalize find finish flag follow forget format forward frame
    generate get give glorify go grant greet guide hail hand help hide highlight identify ignore
    imagine impersonate imply include incorporate increase indicate infer inform initiate insert
    insist inspect install instruct integrate interpret interrupt introduce invent investigate
    invite invoke join justify keep label laugh leave let lie link list load log look mail
    maintain make manage map mark mention merge message migrate mimic modify move multiply name
    narrate navigate negotiate nominate note notice notify obey observe offer omit open order
    organize output overlook override paraphrase pass paste pay perceive perform persuade phrase
    pick pin pitch place plan play please pledge point portray post praise predict prefer prefix
    prepare present pretend print prioritize proceed proclaim produce promote prompt pronounce
    proofread propose prove provide publish purchase push put query quit quote raise rank rate
    read rearrange reassure rebut recall recast recite reclassify recognize recommend reconsider
    record redirect refer reference reformat refrain refuse regard register reiterate reject
    relabel relay rely remark remember remind remove rename render repeat rephrase replace reply
    report reproduce request reserve resolve respond restart restate restrict retell retrieve
    return retweet reveal reverse review revise reword rewrite rhyme run save say schedule
    scramble search secure see select sell send separate serve set settle share shift show sign
    simulate sing skip smile solicit solve speak specify spell sponsor spread start state stick
    stipulate stop store stress strike submit subscribe substitute suggest sum summarise summarize
    suppose suspend swap swear switch synthesize tag take talk taunt teach tell terminate test
    testify thank think throw trace transfer transform translate transmit treat trigger try turn
    tweet type uncover underline understand uninstall unlock unsubscribe update upgrade upload
    urge use utter validate verify view visit vote vouch vow wait warn warrant watch whisper
    withdraw withhold wonder wrap write yell
"""
_IMPERATIVE = "|".join(sorted(set(_VERBS.split()), key=len, reverse=True))
_OPENER = (
    r"(?:(?:and|also|then|now|next|first|second|third|finally|lastly|instead|please|kindly|just"
    r"|only|simply|always|never|so|therefore|afterwards?|additionally|moreover|again|immediately"
    r"|important(?:ly)?|note|notice|attention|reminder|task|instructions?|step \d+|p\.?s\.?|\d{1,2}"
    r"|do not|don['’]t|(?:as an? [^,;:.]{1,40} )?you (?:must|should|shall|will|need to|have to"
    r"|are to|may|now|then|also|always|only)(?: now| only| always| then| also)?)\b[\s,:.)!–—-]*)"
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
    sentences = (quote[start:end] for start, end in find_sentences(quote, 0, len(quote)))
    return " ".join(
        each for each in sentences if not (is_request(each) or is_about_answering(plain(each)))
    )


def check_mood(text: str, premises: str) -> Check:
    """Whether the quotes state anything, and the statement is not spoken to or by somebody new.

    Args:
        text: the statement.
        premises: what its quotes state, see `stated`.
    """
    if not premises.strip():
        reason = "its quotes ask for something or say how to answer, and state nothing"
        return Check("mood", False, reason)
    if is_request(text):
        return Check("mood", False, "it asks for something, and states nothing")
    words = _QUOTED.sub("", text)
    for who, pattern in (("the writer", _OWN), ("the reader", _YOU)):
        if pattern.search(words) and not pattern.search(premises):
            return Check("mood", False, f"it speaks of {who}, and its quotes do not")
    return Check("mood", True, "its quotes state something")
