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

PERSON_NOUNS = _words(
    """
    king queen president minister premier author general leader emperor empress governor speaker
    chancellor secretary ambassador commander director founder inventor writer historian scholar
    lawyer man woman teacher doctor officer candidate
    bishop pope prince princess duke count spokesman spokeswoman chairman mayor diplomat
    """
)
PERSON_TITLES = PERSON_NOUNS | _words(
    "mr mrs ms dr sir lord lady professor captain colonel major chief prime saint st"
)
INSTITUTION_NOUNS = _words(
    """
    agency alliance army assembly association bank board church college commission committee company
    congress convention corporation council court department dynasty empire federation foundation
    government group institute kingdom league ministry museum office organization parliament party
    republic senate society treaty union university war act directive library city river
    """
)
REPORTING_VERBS = _words(
    """
    says said thinks thought writes wrote argues argued believes believed claims claimed describes
    described suggests suggested mentions mentioned explains explained concludes concluded puts
    predicts predicted recommends recommended advises advised doubts doubted fears feared hopes
    hoped published quotes quoted cites cited regards expects expected lists warns warned denies
    denied criticizes criticized accuses accused recalls recalled notes noted adds reckons
    """
)
"""What a writer does, in the forms that follow a name in a statement."""
HUMAN_VERBS = (
    "say|says|said|think|thinks|thought|write|writes|wrote|argue|argues|argued|believe|believes"
    "|believed|claim|claims|claimed|describe|describes|described|suggest|suggests|suggested"
    "|mention|mentions|mentioned|explain|explains|explained|conclude|concludes|concluded|put|puts"
    "|predict|predicts|predicted|recommend|recommends|recommended|advise|advises|advised|doubt"
    "|doubts|doubted|fear|fears|feared|hope|hopes|hoped|publish|published|die|died|born|marry"
    "|married|wed|invent|invented|resign|resigned|teach|taught|quote|quotes|quoted|cite|cites"
    "|regard|regards|see|sees|find|finds|expect|expects|expected|name|names|list|lists|warn|warns"
    "|criticize|criticizes|accuse|deny|denies|denied|study|studied|compose|composed|handle|experiment"
)
"""What a person does; several are done by states as well, which are told apart first."""

OF_PERSONS = _words(
    """
    grandfather father mother wife husband son daughter brother sister opinion view favorite
    advisers successor career death birth verdict forecast argument
    """
)
"""What only a person has: "Castillo's verdict"."""
PARTICIPLES = _words(
    """
    made known built held called found kept taken given seen written sold bought won lost led met
    set put cut paid sent left told shown drawn worth used
    """
)
STATES = _words(
    """
    afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan
    bahrain bangladesh belarus belgium bolivia bosnia botswana brazil britain bulgaria burma
    burundi cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus czechia
    denmark ecuador egypt england eritrea estonia ethiopia fiji finland france gabon gambia
    georgia germany ghana greece guatemala guinea guyana haiti honduras hungary iceland india
    indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya korea kosovo
    kuwait kyrgyzstan laos latvia lebanon liberia libya lithuania luxembourg macedonia
    madagascar malaysia mali malta mexico moldova monaco mongolia montenegro morocco mozambique
    myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine
    panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland
    senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria
    taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda ukraine uruguay
    uzbekistan venezuela vietnam wales yemen zambia zimbabwe africa america asia europe eurasia
    caucasus crimea siberia moscow kremlin washington london paris berlin brussels beijing
    tehran ankara baku yerevan tbilisi kyiv kiev warsaw rome madrid tokyo delhi geneva vienna
    istanbul
    """
)
"""Names that are no person's: states, continents, and the cities that stand for states."""
ADVERBS = _words("also still even ever never really actually first then often")
BARE_VERB_AFTER = _words("do does did can could will would shall should may might must")
"""After these and the subject the verb stands in its bare form."""
NO_NOUNS = _words("first second third last latest same other former latter next previous most best")
PLACE_CUES = _words("in at to from near into across toward towards around")
TELLS_WHICH = _words("through between with over against on to from at near")
"""Prepositions by which a name tells a thing from others: "the route through Syunik"."""
YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
DEMONYM = re.compile(
    r"(?:ian|ean|ish|ese)$"
    r"|^(?:american|african|mexican|roman|norman|german|ottoman|french|dutch|czech|greek|swiss|azeri"
    r"|iraqi|israeli|european|huguenot|arab|turk|uzbek|tajik|kurd|mongol|zulu|thai)$",
    re.I,
)
"""Adjectives for peoples, by their endings or whole; a noun follows that they go with."""
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def is_function_word(word: str) -> bool:
    """Whether a word belongs to a closed class."""
    return word.lower() in FUNCTION_WORDS
