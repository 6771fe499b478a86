"""The main clause of a sentence: its subject, its verb and the rest, or nothing.

No grammar is known here beyond a list of verbs. A sentence is parsed only where its beginning
leaves no doubt, and that is a minority; the others are left alone.
"""

import re
from dataclasses import dataclass

from eval.generation import verbs
from eval.generation.dates import date_phrases
from eval.generation.wording import is_paired, word_set

_CONNECTIVE = re.compile(
    r"(?:However|Moreover|Furthermore|Thus|Therefore|In addition|Additionally|In fact|Indeed"
    r"|Finally"
    r"|As a result|Nevertheless|Consequently|Overall|In general|Similarly), (?=\S)"
)
_NEVER_FIRST = word_set(
    """he she it they this these those that there here we you i his her its their our who whom
    whose which what when where why how if while as although though because since until unless
    after before during for with without by from to of on at under over among between despite
    like unlike not no neither either both and but or so yet many much most some several few
    all none each every one two three four five six seven eight nine ten only another other
    others such even just then once again later also still rather more less first second third
    in within upon through throughout following according given based today now apart instead
    too behind beside outside inside near past around beyond toward towards along against
    about like thanks due owing including regarding concerning perhaps maybe there's it's"""
)
_ADVERBS = word_set(
    """also then later first soon never always often still eventually finally initially formally
    officially subsequently successfully originally reportedly quickly already ultimately
    again once now famously generally usually mainly largely further thus therefore only even
    just not"""
)
_INNER = word_set("of the and in on for a an at de von van al bin der or")
_CUT = re.compile(
    r"; |: | [–—-] |—|, (?:which|who|whom|whose|where|while|but|although|though|whereas|so"
    r"|because|as|when"
    r"|after|before|until|since|if|with|without|yet|or|nor|including|such as|not|thus|making"
    r"|leading"
    r"|resulting|allowing|causing|[a-z]+ing)\b|, and (?=\S+ \S*(?:\s|$))"
)


_REPORTED = re.compile(
    r", (?:[\w.’'-]+ ){1,4}(?:says|said|writes|wrote|claims|claimed|argues|argued|thinks|thought"
    r"|adds|added"
    r"|notes|noted|reports|reported|believes|believed)$"
)
"""What somebody says is asked about by `templates.speech`, with the one who says it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in the order subject, verb, rest, as running text."""

    subject: str
    """As in the sentence, with its capital."""
    adverb: str
    verb: str
    rest: str
    """What follows the verb in the same clause, without the full stop."""
    lead: str = ""
    """A phrase before the subject: "In 1066"."""
    tail: str = ""
    """What follows the clause in the sentence."""

    @property
    def is_be(self) -> bool:
        """Whether the verb is a form of "be"."""
        return self.verb in verbs.BE

    @property
    def is_auxiliary(self) -> bool:
        """Whether the verb can stand before the subject in a question."""
        return self.verb in verbs.AUXILIARIES and not self._has_as_main_verb

    @property
    def _has_as_main_verb(self) -> bool:
        if self.verb not in ("has", "have", "had", "do", "does", "did"):
            return False
        following = [w.strip(",") for w in self.rest.split()[:2]]
        following = [word for word in following if word not in _ADVERBS]
        return not (following and (following[0] == "been" or verbs.is_participle(following[0])))

    @property
    def is_denied(self) -> bool:
        """Whether it says what is not so."""
        return self.rest.startswith("not ") or self.adverb in ("not", "never")

    def asked(self) -> tuple[str, str, str] | None:
        """(auxiliary, subject in the middle, verb after it) of a question about this clause.

        "Putin traveled" gives ("did", "Putin", "travel"); "Warsaw was founded" gives
        ("was", "Warsaw", ""). None where the form is not sure.
        """
        if self.is_auxiliary:
            return self.verb, self.subject, ""
        verb = verbs.read(self.verb)
        if verb is None or verb.form not in ("past", "present"):
            return None
        return ("did" if verb.form == "past" else "does"), self.subject, verb.base


def parse(bare: str) -> Clause | None:
    """The main clause at the beginning of a sentence, or None.

    Args:
        bare: a whole sentence as running text, without what stands in brackets.
    """
    text = _CONNECTIVE.sub("", bare, count=1)
    lead, text = _lead(text)
    text = _without_apposition(text)
    words = text.split()
    for place, word in enumerate(words[:9]):
        if place and _is_verb(word, words[place - 1]):
            return _clause(lead, words, place)
        if not _may_be_in_subject(word, place):
            return None
    return None


def _clause(lead: str, words: list[str], place: int) -> Clause | None:
    subject = words[:place]
    adverb = ""
    if len(subject) > 1 and subject[-1] in _ADVERBS:
        adverb = subject.pop()
    rest, tail = _cut(" ".join(words[place + 1 :]))
    clause = Clause(" ".join(subject), adverb, words[place], rest, lead, tail)
    return clause if _is_sound(clause) else None


def _is_sound(clause: Clause) -> bool:
    subject = clause.subject.split()
    if subject[0].lower() in _NEVER_FIRST or subject[-1].lower() in _INNER:
        return False
    if subject[0].lower() in ("the", "a", "an") and len(subject) == 1:
        return False
    if subject[0].endswith("ing") and len(subject) > 1:
        return False  # "Choosing a set of vectors is"
    following = clause.rest.split()[:1]
    # "The votes counted were": what looks like the verb is a participle.
    if following and following[0] in verbs.AUXILIARIES and not clause.is_auxiliary:
        return False
    if clause.verb.endswith("ed") and following == ["by"]:
        return False  # "A movement influenced by": a participle too
    if _REPORTED.search(clause.rest):
        return False
    return is_paired(clause.rest) and is_paired(clause.subject)


def _lead(text: str) -> tuple[str, str]:
    """A date at the beginning ("On May 9", "In early 1815"), and what follows it."""
    phrases = date_phrases(text)
    if not phrases or phrases[0].start:
        return "", text
    end = phrases[0].end
    return text[:end], text[end:].lstrip(", ")


def _without_apposition(text: str) -> str:
    """The text without an apposition: "Alen Simonyan, the speaker of parliament, said"."""
    match = re.match(
        r"((?:The )?[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w.’'-]*|of|the|de|von)){0,5}),"
        r" (?:an?|the|then|who|whose|which|now|born|son|daughter|one|also"
        r"|known)\b[^,]{2,90}, (?=[a-z])",
        text,
    )
    if match:
        return f"{match[1]} {text[match.end() :]}"
    match = re.match(
        r"(?:An?|The) [a-z][a-z -]+, (the (?:[\w-]+ ){0,2}[^\W\d_a-z][^,]*), (?=[a-z])", text
    )
    return f"{match[1].capitalize()[:1]}{match[1][1:]} {text[match.end() :]}" if match else text


def _is_verb(word: str, before: str) -> bool:
    if word in verbs.AUXILIARIES:
        return True
    if before.lower() in ("the", "a", "an", "of", "in", "on", "for", "and", "at", "'s"):
        return False
    return verbs.is_finite(word)


def _may_be_in_subject(word: str, place: int) -> bool:
    if place == 0:
        return word[0].isupper() and word.lower() not in _NEVER_FIRST and word[-1] not in ",;:"
    if word[-1] in ",;:.!?" and not re.fullmatch(r"(?:[A-Z]|St|Dr|Mr|Mrs|Jr)\.", word):
        return False
    if word[0] in '"“(':
        return False
    return word.lower() not in _NEVER_FIRST - _INNER


def lower_lead(clause: Clause) -> str:
    """The phrase before the subject, for use at the end of a question."""
    return clause.lead[:1].lower() + clause.lead[1:]


def first_verb_only(rest: str) -> str:
    """The rest of a clause up to a second verb: "united the tribes" of "... and became Khan".

    A question with "did" puts the first verb into its base form, and no other.
    """
    for match in re.finditer(r"(?:^|,? )(?:and|or|but) (?:\w+ly |then |also )?(\w+)", rest):
        if verbs.is_finite(match[1]) and is_paired(rest[: match.start()]):
            return rest[: match.start()]
    return rest


def _cut(rest: str) -> tuple[str, str]:
    """The rest of the clause up to where another clause begins, and what follows."""
    rest = re.sub(r"[.!?]([\"”’']?)$", r"\1", rest)
    for match in _CUT.finditer(rest):
        if match[0] == ", and " and not _begins_clause(rest[match.end() :]):
            continue
        if not is_paired(rest[: match.start()]):
            continue
        return rest[: match.start()], rest[match.start() :].lstrip(" ,;:–—-")
    return rest, ""


def _begins_clause(text: str) -> bool:
    """Whether what follows ", and" has a subject and a verb of its own, or a second verb."""
    is_long = re.match(r"(?:an?|the|his|her|its|their) ", text)
    words = [word.strip(',.;"“”') for word in text.split()[: 12 if is_long else 6]]
    if not words or words[0].lower() in (
        "he",
        "she",
        "it",
        "they",
        "there",
        "this",
        "these",
        "that",
    ):
        return True
    return any(verbs.is_finite(word) for word in words)
