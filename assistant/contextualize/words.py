"""The closed classes of words by which the rules find their way in a question."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WH = "who|whom|whose|what|which|when|where|why|how"
AUXILIARY = (
    "is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    "|must"
)
PREPOSITION = (
    "in|at|on|of|to|from|for|with|by|about|over|under|against|between|among|into|through|toward"
    "|towards|across|near|during|since|until|before|after|within|without|around|behind|like|as"
)
SUBORDINATOR = "if|when|while|because|once|unless|although|though|where|after|before"
_OTHER = (
    "and|or|but|so|than|then|that|this|these|those|not|no|yes|the|a|an|he|him|his|she|her|hers|it"
    "|its|they|them|their|theirs|there|here|one|ones|i|you|we|us|our|your|my|who|also|only|too"
    "|just|now|both|all|any|some|each|every|other|such|same|more|most|up|out|off|down|away"
)
FUNCTION_WORDS = frozenset("|".join((WH, AUXILIARY, PREPOSITION, SUBORDINATOR, _OTHER)).split("|"))

PERSON_WORDS = _words(
    """
    mr mrs ms dr sir lord lady professor captain colonel major chief king queen prince princess
    emperor pope president minister premier chancellor chairman director governor mayor speaker
    secretary ambassador diplomat general commander author writer historian scholar lawyer teacher
    founder inventor man woman saint st
    """
)
"""Titles and nouns for one person."""
INSTITUTION_WORDS = _words(
    """
    agency alliance army assembly association bank church college commission committee company
    congress convention council court department empire federation government group institute
    kingdom league ministry museum organization parliament party republic senate society treaty
    union university war act directive city river
    """
)
SAYING = (
    "say|think|write|argue|believe|claim|describe|suggest|mention|explain|call|conclude|predict"
    "|recommend|expect|warn|criticize|quote|cite|fear|hope|doubt|deny|advise|see|list|publish"
)
"""What a person does in writing."""
SAY = re.compile(rf"(?:{SAYING})\Z", re.I)
SAYS = re.compile(rf"(?:(?:{SAYING})(?:s|d|ed)|said|thought|wrote|denie[sd]|saw)\Z", re.I)
"""What follows a name after an auxiliary, and what follows it without one."""
PARTICIPLES = _words("made built held called found taken given seen sold won lost led set put sent")
STATE = re.compile(
    r"(?:\w{2,}(?:ia|lands?|stan|ijan)|america|africa|europe|britain|france|germany|spain|italy"
    r"|greece|turkey|israel|iran|iraq|egypt|china|japan|korea|vietnam|canada|mexico|brazil|ukraine"
    r"|moscow|washington|london|paris|berlin|brussels|beijing|tehran|ankara|baku|yerevan|kyiv)\Z",
    re.I,
)
"""A name that is more likely a state's, or of a city that stands for one, than a person's."""
BARE_VERB_AFTER = _words("do does did can could will would shall should may might must")
"""After these and the subject the verb stands in its bare form."""
NO_NOUNS = _words("first second third last latest same other former latter next previous most best")
PLACE_CUES = _words("in at to from near into across toward towards around")
TELLS_WHICH = _words("through between with over against on to from at near")
"""Prepositions by which a name tells a thing from others: "the route through Syunik"."""
YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
DEMONYM = re.compile(
    r"(?:ian|ean|ish|ese)$"
    r"|^(?:american|african|roman|norman|german|french|dutch|czech|greek|swiss|azeri|iraqi|israeli"
    r"|arab|turk|kurd)$",
    re.I,
)
"""Adjectives for peoples, by their endings or whole; a noun follows that they go with."""
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def is_function_word(word: str) -> bool:
    """Whether a word belongs to a closed class."""
    return word.lower() in FUNCTION_WORDS
