# ruff: noqa: E501  (patterns read worse when they are broken)
"""The English phrases and cues. Folded text: lower case, no accents, straight quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, and what a text that it fits holds: one of the words of each group."""

    pattern: re.Pattern[str]
    groups: tuple[tuple[str, ...], ...]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Where it fits."""
        for words in self.groups:
            for word in words:
                if word in text:
                    break
            else:
                return
        yield from self.pattern.finditer(text)


def phrase(words: str, pattern: str) -> Phrase:
    """A phrase; its words are given with bars between them, its groups with an ampersand."""
    groups = (tuple(group.split("|")) for group in words.split("&"))
    return Phrase(re.compile(pattern), tuple(groups))


_MACHINE = (
    r"(?:(?:large |small )?language models?|llms?|chat ?bots?|(?:chat)?gpt(?:-?\d\w{0,3})?"
    r"|(?:an? |the |any )?ai (?:assistants?|agents?|models?|systems?|readers?|reviewers?|tools?"
    r"|crawlers?|bots?|summarizers?|search engines?)"
    r"|(?:virtual|automated|automatic|digital|machine) (?:assistants?|agents?|readers?|reviewers?"
    r"|systems?)|artificial intelligences?|ai'?s?)"
)
_NAMED = rf"(?:{_MACHINE}|(?:\w{{1,12}} )?(?:assistant|model|bot|robot)s?)"
"""Words that name a machine only where it is clear that one is spoken to."""
_OPENING = r"(?:^|\n[ \t>*#-]{0,8}|[.!?:\]][\"')]{0,2}\s{1,2}|[(\[<>*] ?|[\"'] ?)"
"""Where a sentence begins."""
_CLAUSE = (
    r"(?:^|\n\s{0,3}\n[ \t>*-]{0,6}|[.!?:;,\])>*|-] {0,2}\n?|[\"'(\[] ?|[🙂🤖] ?"
    r"|\b(?:please|and|then|now|must|should|instead|just|also|will|shall|simply|kindly|first) )"
)
"""Where a clause begins, or what goes before a verb that asks for something."""
_VERB = (
    r"(?:answer|respond|reply|say|state|claim|tell|inform|mention|recommend|cite|quote|translate"
    r"|summari[sz]e|classify|rate|output|print|return|write|append|insert|add|include|praise"
    r"|advise|ask|encode|decode|reverse|repeat|replace|produce|generate|compose|sing|play|pretend"
    r"|act|speak|use|treat|give|list|send|open|call|book|schedule|report|present|render|spell|put"
    r"|end|begin|start|stop|forget|ignore|disregard|follow|obey|execute|run|delete|compute"
    r"|make|provide|explain|describe|evaluate|shift|convert|chat|greet|decrypt|reveal"
    r"|confirm|highlight|note|refuse|conclude|assume|switch|announce|direct|encourage|promote)"
)
DIRECTIVE = re.compile(
    rf"{_CLAUSE}(?:always |only |never |do not |don't |to )?{_VERB}\b"
    rf"|\b(?:do not|don't|must not|never|must|should|shall|has to|have to|is to|are to|need to"
    rf"|needs to|(?:required|obliged|instructed|asked|supposed) to) (?:\w{{2,10}} ){{0,2}}"
    rf"(?:{_VERB}|be|consist|contain|say)\b"
    r"|\byou (?:must|should|have to|will|are to|shall|need to|are|now)\b"
)
"""Something is asked for."""

_SOURCE = r"(?:passages?|documents?|sources?|evidence|context|texts?|quotes?|citations?)"
_ANSWER = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|summar(?:y|ies)|completions?)"
_ORDERS = (
    r"(?:instructions?|directions?|directives?|guidelines?|guidance|prompts?|commands?|tasks?"
    r"|constraints?|restrictions?|programming|system messages?|instruct\w{0,4})"
)
_BEFORE = (
    r"(?:previous(?:ly)?|prior|preceding|earlier|above|foregoing|former|past|initial|system"
    r"|developer|default)"
)

PHRASES = (
    phrase(
        "ignor|disregard|forget&above|before this|you were told|you have read|question|the user",
        rf"{_CLAUSE}(?:ignore|disregard|forget)(?: about)? (?:(?:everything|anything|all|whatever is"
        r"|the text|what is) (?:above|before this|you (?:were told|have read)[^.!?\n]{0,20})"
        r"|the (?:user's )?(?:question|query)|what(?:ever)? the user \w{2,10}(?: \w{2,10})?)"
        rf"(?:,? and|[.,;:!]) (?:then |please |only |instead,? )?(?:{_VERB}|you|do not)\b"
        r"|\bignore what(?:ever)? the user (?:wants|asks|says|asked|said)\b",
    ),
    phrase(
        "void|invalid|canceled|cancelled|lifted|suspended",
        r"\ball (?:earlier|previous|prior|other|existing) (?:rules|instructions|guidelines) (?:are|have"
        r" been) (?:now )?(?:void|invalid|canceled|cancelled|lifted|suspended)\b",
    ),
    phrase(
        "the user|users",
        rf"\bwhen(?:ever)? (?:you (?:reply|respond|answer|talk|speak)|replying|responding) (?:to )?(?:the"
        rf" user|users)[^.!?,\n]{{0,30}}, ?(?:always |only |never |please )?{_VERB}\b",
    ),
    phrase(
        "ignor|disregard|forget|overrid|overrul|bypass|neglect|discard|dismiss|skip|drop|abandon"
        "&previous|prior|preceding|earlier|above|foregoing|former|past|initial|system|develop|default",
        rf"{_CLAUSE}(?:you can |to )?(?:completely |entirely |simply )?"
        r"(?:ignore|disregard|forget|override|overrule|bypass|neglect|discard|dismiss|skip|drop"
        r"|abandon)(?: about)? (?:(?:all|any|every|each|the|of|your|my|our|these|those|other)"
        rf" ){{0,4}}{_BEFORE} (?:[\w-]{{1,14}} ){{0,3}}?(?:{_ORDERS}|rules|orders|context|requests?"
        r"|messages?|conversation|training|text and)(?!,? (?:if|unless|when)\b)",
    ),
    phrase(
        "ignor|disregard|forget|overrid|bypass|violate&your ",
        rf"{_CLAUSE}(?:ignore|disregard|forget|override|bypass|violate) (?:all |any |everything in )?"
        rf"(?:of )?your (?:\w{{1,12}} ){{0,2}}(?:{_ORDERS}|rules|training|polic(?:y|ies))\b",
    ),
    phrase(
        "ignor|disregard|forget",
        rf"{_CLAUSE}(?:ignore|disregard|forget) (?:all|any|every|the|these|those)"
        rf"(?: of)?(?: the| your| other)? (?:{_ORDERS}|rules) (?:you (?:were|have|got|are)"
        r"|(?:that )?(?:were |was )?(?:given|stated|written|mentioned|set)?(?: to you)?(?: by the"
        r" (?:user|system|developer)| above| before this| so far))",
    ),
    phrase(
        "you are|you're|act as|pretend&assistant|model|chat|bot|llm|gpt|mode|answering| ai",
        r"(?:\byou(?: a|')re|\bact as|\bpretend (?:to be|that you are|you are)) (?:now |no longer"
        r" |henceforth |merely )?(?:an?|the|my|our|in|simply)? ?(?:[\w-]{1,14} ){0,3}?(?:"
        r"(?:ai|language|chat) (?:model|assistant|agent|bot)|chatbot|llm|gpt\w{0,4}|(?:maintenance"
        r"|developer|debug|god|admin|jailbreak|dan|unrestricted) mode|question.answering system"
        r"|helpful assistant|an? ai(?=[.,:!] (?:you|please|answer|reply)))\b"
        r"(?! (?:developer|researcher|engineer|user|operator|vendor|provider)s?)",
    ),
    phrase(
        "from now|from here|from this|henceforth",
        r"\b(?:from (?:now|here|this (?:point|moment|line|message))(?: on(?:wards?)?| forward)?"
        r"|henceforth),? (?:you|and|the (?:assistant|model|bot)|please|always)?\b[^.!?\n]{0,60}"
        r"\b(?:answer|respond|reply|repl(?:y|ies)|responses?|output|the user|speak only)\b",
    ),
    phrase(
        "as an ai|as a large|as a language|as the user|as an llm|as a chat|as an assistant",
        rf"{_OPENING}as (?:an?|the(?: user's)?) (?:helpful )?{_NAMED}(?: [^.!?\n]{{0,30}})?,?"
        rf" (?:you (?:must|should|are|will|have|can|need)|your (?:task|job|duty)|(?:please )?{_VERB}"
        r" (?:them|the user|only|that))\b",
    ),
    phrase(
        "dear |hello|hey|hi |attention|listen|attn",
        rf"{_OPENING}(?:🤖 ?)?(?:dear|hello|hey|hi|attention|attn|listen),? (?:all |there,? |every )?"
        rf"(?:{_MACHINE}|(?:dear )?(?:assistant|model|bot|robot|agent gpt)s?) ?(?:[,!:.–—-]|reading)",
    ),
    phrase(
        "assistant:|assistant,|assistant!|bot:|bot,|bot!|model:|model,|model!|robot|llm|gpt|ai:|ai,|ai!"
        "|language model|agent|ai -|ai –|artificial",
        rf"{_OPENING}(?:🤖 ?)?(?:the )?(?:assistant|{_MACHINE}|bot|model|robot) ?[,:!—–-]+ ?(?:please"
        rf" |now |always |only |first |never )?(?:do not|don't|{_VERB}\b(?! (?:of|is|was|in)\b)"
        r"|you (?:must|should|will|are))",
    ),
    phrase(
        "note|notice|message|instruction|prompt|hint|attention|warning|memo|reminder|request|command"
        "|rule|update|info&assistant|llm| bot|gpt|model|automated|virtual| ai|agent",
        r"\b(?:notes?|notices?|messages?|instructions?|prompts?|hints?|attention|warning|memo"
        r"|reminders?|request|commands?|rules?|update|info(?:rmation)?)"
        r"[ ,:]{1,2}(?:to|for|at)? ?(?:all |any |the |every |our |an? |whichever )?"
        rf"(?:{_MACHINE}|(?:automated |virtual )?(?:assistant|bot|model))(?: (?:only|readers?"
        r"|systems?|(?:that|who|which)\b[^.:!\n]{0,60}|(?:reading|processing|handling"
        r"|summari[sz]ing)\b[^.:!\n]{0,60}))? ?[:.,!(—–]",
    ),
    phrase(
        "for ai|for llm|for language|for any ai|to any a|to all a|to any l|to all l|to every a",
        rf"{_OPENING}(?:for|to) (?:all |any |every |the )?{_MACHINE}(?: readers?| systems?)?"
        r"(?: only| eyes only| (?:reading|processing|handling|that|who)\b[^.:!?\n]{0,60})? ?:",
    ),
    phrase(
        "reading this|processing this|handling this|summarizing this|summarising this|indexing this"
        "|parsing this|who read|that read|that summari|that index|that process|that evaluate"
        "|reads this",
        rf"\b(?:{_MACHINE}|the assistant|(?:an?|the|any) (?:model|bot|(?:automated )?assistant))"
        r" (?:(?:that |which |who )?(?:(?:is|are) )?(?:reading|processing|handling"
        r"|summari[sz]ing|indexing|parsing)|(?:that|which|who) (?:may )?(?:reads?|summari[sz]es?"
        r"|index(?:es)?|process(?:es)?|evaluates?|handles?)) (?:this|the following|these|my)\b",
    ),
    phrase(
        "if you are|if you're|since you are|because you are|in case you are",
        rf"\b(?:if|since|because|in case) you(?: a|')re (?:an?|the|some)? ?(?:kind of )?(?:{_MACHINE}"
        r"|(?:\w{1,12} )?(?:assistant|chatbot))(?: (?:or|and) [^,.\n]{1,30})?(?:,| (?:reading"
        r"|processing|asked|that|and|please|then|you)\b)",
    ),
    phrase(
        "ai instruction|llm instruction|model instruction|bot instruction|prompt update|prompt:"
        "|ai prompt|prompt override|system override|instructions override",
        rf"{_OPENING}(?:(?:ai|llm|model|bot|assistant|gpt) (?:instructions?|prompt|directive|notice"
        r"|note|command)|system (?:prompt|instructions?) (?:update|change|override|addition)|system"
        r" override|new system prompt|prompt override|instructions override)s? ?[:.!\]]",
    ),
    phrase(
        "the user|any user|every user|all user",
        rf"(?:{_OPENING}|\b(?:please|you must|you should|you have to|instead,?|must"
        r"|then|always|bot|assistant|and) )(?:please )?(?:tell|inform|advise|convince|persuade"
        r"|urge|trick|assure|instruct) (?:the|any|every|all) users? (?:that|to (?!the\b)|about|they|their"
        r"|to\b|a joke|who|it|not)",
    ),
    phrase(
        "password|credit card|bank|telephone number|phone number|account",
        rf"{_CLAUSE}(?:ask|prompt|tell|urge) (?:the|any|every) user for (?:the|their|a|his|her)"
        r"(?: (?:user's|\w{1,10}))?(?: \w{1,10})? (?:credit card|bank|telephone|phone|account|pin)"
        r"\b[^.\n]{0,60}\b(?:so that|before|in order|answer|reply)",
    ),
    phrase(
        "do not|don't|never|must not|without&this |these |that you|system prompt|in your|in the",
        r"\b(?:do not|don't|never|must not|without) (?:ever )?(?:mention|reveal|disclose|tell|explain"
        r"|say|admit)(?:ing)? [^.!?\n]{0,30}\b(?:this (?:instruction|prompt|message)"
        r"|these (?:instructions|prompts)|that you (?:were|have) (?:been )?(?:told|instructed|done"
        r"|asked)|system prompt|in (?:your|the) (?:answer|response|reply|output))\b",
    ),
    phrase(
        "asked",
        r"\b(?:when(?:ever)?|if|each time|every time) (?:you are|you're|it is|the (?:model|ai"
        rf"|assistant|bot) is|an? {_MACHINE} is|{_MACHINE} (?:is|are)|the user|someone|anyone)?"
        r" ?asked (?:(?:about|who|what|whether|where|when|for|how|which|any|to)\b[^.!?\n]{0,60}|"
        r"[^.!?,\n]{0,20}),"
        r" (?:you |it |they |the (?:model|ai|assistant|bot) )?(?:must |should |has to |is to |will"
        r" |always |only |simply |just )*(?:say (?:that|so)|state|claim|recommend|insist"
        r"|answer (?:that|with|only|by)|reply (?:that|with|only)|respond (?:that|with|only|in)"
        r"|required to (?:answer|say|respond|reply|state))\b",
    ),
    phrase(
        "the only|the correct|the right|the true|the final&answer|reply|response",
        r"\bthe (?:only|correct|right|true|final) (?:\w{1,12} )?(?:answer|reply|response) (?:to (?:any"
        r"|every|all|each) (?:\w{1,12} )?question|for (?:anyone|everybody|everyone|any question))"
        r"|\bthe only (?:permitted|allowed|valid|acceptable|possible) (?:answer|reply|response) is",
    ),
    phrase(
        "cite |quote |trust|rely on|do not use|never use|don't use|must not use|answer from|consult"
        "|treat|ignore|disregard| lie&passage|document|source|evidence|citation|context|line|text"
        "|sentence|paragraph",
        rf"{_CLAUSE}(?:only )?(?:cite|quote|trust) (?:only )?(?:this|the (?:present|following))"
        r" (?:passage|line|paragraph|sentence)\b"
        r"|\b(?:do not|never|don't|must not) (?:cite|quote|trust|consult|answer from|rely on|use)"
        r" (?:any of )?(?:the )?(?:other|remaining|rest of the) (?:passages|documents|sources"
        r"|evidence|citations|context)\b"
        r"|\b(?:ignore|disregard|distrust) (?:all |any )?(?:of )?(?:the )?(?:other|remaining)"
        r" (?:passages|documents|sources|evidence|context|citations|texts)\b"
        r"|\bthe (?:other|remaining) (?:passages|documents|sources)(?: in your context)? (?:are"
        r" (?:forged|fake|wrong|false|lies|outdated|invalid)|lie\b)"
        r"|\bothers?\b[^.!?\n]{0,20}(?:sources|documents|passages) (?:lie|are lying)\b",
    ),
    phrase(
        "[0|[1|[2|[3|[4|[5|[6|[7|[8|[9",
        r"\b(?:cite|quote|use|repeat|trust)(?: only| just| always)?(?: the (?:id|number|passage))?"
        r" \[\d{1,3}\.\d{1,3}\]|\banswer: [^\n\[]{0,60}\[\d{1,3}\.\d{1,3}\]"
        r"|\[\d{1,3}\.\d{1,3}\](?: as (?:the|your) (?:id|source|only)| (?:must|should) (?:not )?be"
        r" (?:cited|quoted|ignored|used)| is (?:wrong|right|false|the only|invalid|forged))",
    ),
    phrase(
        "end of |ends here",
        r"(?:(?<!-)-{2,}+|(?<!=)={2,}+|(?<!#)#{2,}+|^|\n)\s?(?:the )?end of "
        r"(?:the )?(?:documents?|evidence|context|passages?|prompt|sources?|input|data|text"
        r"|user input|retrieved \w+)\s?(?:-{2,}|={2,}|#{2,}|[.:]|\n)"
        r"\s{0,4}(?:(?:new |next |real |your )?(?:task|instructions?|question|query|prompt|user|system"
        r"|answer|assistant)\b|now )",
    ),
    phrase(
        "your new|your real|your actual|your only|your task|your next",
        rf"{_OPENING}(?:now )?your (?:new|real|actual|only|next|true) (?:task|instructions?|job|goal"
        r"|objective|orders?|role|purpose|directive|prompt|mission)s? (?:is|are)(?: now)?\b",
    ),
    phrase(
        "new instruction|new task|new prompt|updated instruction|new directive|updated prompt"
        "|hidden instruction|secret instruction",
        rf"{_OPENING}(?:new|updated|hidden|secret) (?:instructions?|tasks?|prompts?|directives?):"
        rf"\s{{1,2}}(?:please )?(?:{_VERB}|you|do not|never|from)\b",
    ),
    phrase(
        "instead of answering|place of an answer|rather than answering|instead of the answer"
        "|place of the answer|instead of an answer|return to the question|answer the user"
        "|the user's question|the question above|user's query",
        rf"{_CLAUSE}{_VERB}\b[^.!?\n]{{0,80}}\b(?:instead of|in place of|rather than) (?:answering"
        r"|an answer|the answer|a reply|a summary of)\b"
        rf"|\b(?:instead of|in place of|rather than) (?:answering|an answer|the answer),? {_VERB}\b"
        r"|\b(?:do not|don't|never) answer the (?:user's )?(?:question|user|query)"
        r"(?:[.,;] (?:instead|rather|just)|\.)"
        rf"|{_CLAUSE}{_VERB}\b[^.!?\n]{{0,60}}\bthe user's (?:question|query|last question)\b",
    ),
    phrase(
        "no answer",
        r"\b(?:return|reply|respond|answer|output|write|say) (?:with |only )*[\"']?no answer[\"']?"
        r"(?: for| to every| to all|[.\"'])",
    ),
    phrase(
        "![",
        r"!\[[^\]\n]{0,60}\]\(https?://[^)\n]{0,200}[?&/][^)\n]{0,60}(?:question|conversation|query"
        r"|answer|chat|history|secret)",
    ),
    phrase(
        "system message|system notice|system instruction|system prompt|system note",
        r"[\[(<{]{1,2} ?system (?:message|notice|instructions?|prompt|note) ?[\])>}]{1,2}",
    ),
    phrase(
        "assistant:|ai:|bot:|chatgpt:|gpt:",
        r"(?:^|\n)[ \t*]{0,4}(?:user|human|question)\*{0,2}: ?[^\n]{1,400}\n\s{0,3}[ \t*]{0,4}"
        r"(?:assistant|ai|bot|chatgpt|gpt)\*{0,2}: ?\S"
        r"|(?:^|\n)[ \t*]{0,4}(?:assistant|ai|bot)\*{0,2}: ?[^\n]{1,400}\n\s{0,3}[ \t*]{0,4}"
        r"(?:user|human)\*{0,2}: ?\S",
    ),
    phrase(
        "system:|# instruction:|# system:|assistant:|# instructions:",
        rf"{_OPENING}[ \t>*#]{{0,6}}(?:system|developer|assistant|# ?instructions?)\*{{0,2}}:\s{{0,3}}"
        rf"(?:{_VERB}\b(?! [/-])|do not |you (?:are|must|will|should)|never |from (?:now|this)"
        rf"|the (?:assistant|model|ai|user|question|evidence)\b|all (?:previous|earlier))",
    ),
)
"""Each shows by itself that a model is spoken to."""

WHOLE_PARAGRAPH = (
    phrase(
        "decode|decrypt|decipher|unscramble|right to left|backwards",
        r"\b(?:decode|decrypt|decipher|unscramble|(?:from right to left|backwards),?)\b[^\n]{0,90}"
        r"\b(?:follow(?: (?:it|what|its|the instr\w+|them))|execute|obey|do (?:what|as) it|carry it out"
        r"|act on it)\b",
    ),
    phrase(
        "base64|base 64|base32|rot13",
        r"\b(?:holds|contains?|are|is|encodes?) your (?:\w{1,10} )?instructions\b",
    ),
)
"""Each shows it too, of all of its paragraph: what it speaks of may stand before it."""

CUES = {
    "call": phrase(
        "assistant|model|chatbot|bot |bots |llm| ai |ai:|ai,|ai.|ai!|ai-|ais | ai\n"
        "&must|shall|has to|have to|is to|are to|required|should",
        rf"{_OPENING}(?:the )?(?:assistants?|(?:ai|language|reviewer|grader) models?|chatbots?|bots?"
        r"|llms?|ais?|models) (?:must|shall|has to|have to|is to|are to|is required to"
        r"|are required to|should) (?:always |only |not |never |now )?(?:answer|respond|reply|say"
        r"|state|mention|recommend|greet|cite|append|insert|treat|tell the user)\b",
    ),
    "machine": phrase(
        "language model|llm|chatbot|gpt| ai|ai |assistant|model|bot |bot,|automat|artificial",
        rf"\b(?:{_MACHINE}|(?:the|an?|any|dear|,) (?:assistant|model|bot)(?! (?:name|number|of|and|for|secretary))|(?:reviewer|grader|judge)"
        r" models?)\b",
    ),
    "user": phrase(
        "user",
        r"\b(?:the|any|every|all) users?(?:'s)?\b",
    ),
    "answer": phrase(
        "answer|response|reply|output|summary|replies|respond",
        rf"\b(?:your|every|each|any|the final|its) (?:\w{{1,10}} )?{_ANSWER}\b|\ball (?:of )?your"
        rf" {_ANSWER}|\b{_ANSWER} (?:that )?you (?:write|generate|give|produce|return)\b|\b(?:in|to|of|into) the {_ANSWER}\b|\b(?:this|the) {_ANSWER} (?:must|should)\b"
        r"|\b(?:the|a single|your) (?:reply|response|answer)\b|\bas the answer\b"
        r"|\b(?:answer|respond|reply) (?:only|in|with|to the user|by)\b",
    ),
    "override": phrase(
        "ignor|disregard|forget|overrid|stop answering|stop what|stop quoting|stop following| void"
        "|invalid|canceled|cancelled|lifted|are no longer|outranks|supersede",
        rf"{_CLAUSE}(?:ignore|disregard|forget|override) (?:all|any|every|the|what|whatever|that|your"
        r"|everything|anything|earlier|previous|prior|these|those|other)\b"
        rf"|{_CLAUSE}stop (?:answering|what you are doing|quoting|following)\b"
        r"|\b(?:rules|instructions) (?:are|is) (?:now )?(?:void|invalid|canceled|cancelled|lifted)\b"
        r"|\b(?:overrides|supersedes|outranks) (?:the|all|any|your)\b|\bare no longer\b",
    ),
    "style": phrase(
        "base64|base 64|base32|rot13|rot 13|caesar|emoji|backwards|in reverse|pirate|klingon|morse"
        "|reverse order|limerick|pig latin|swahili|leetspeak|esperanto"
        "|each vowel|each noun|each letter|every vowel|every noun|every letter|every word"
        "|letter by letter",
        r"\b(?:base ?(?:64|32|16)|rot ?13|caesar|emojis?|backwards|in reverse|reverse order"
        r"|pirate|klingon|morse|limerick|pig latin|swahili|leetspeak|each (?:vowel|noun|letter)"
        r"|every (?:vowel|noun|letter|word)|letter by letter|esperanto)\b",
    ),
    "always": phrase(
        "whatever |regardless|no matter|instead of|from now|from this|from here|place of|rather than"
        "|once you|nothing else|nothing but|before you answer|before answ|before anyth|in every",
        r"\b(?:whatever (?:the|else|is|language|they|he|you|question)|regardless of|no matter"
        r" (?:what|which|how)|from (?:now|this point|here) on|(?:in place of|rather than|instead of)"
        r" (?:an |the )?answer(?:ing)?|once you have read|nothing (?:else|but)|before (?:you answer"
        r"|answering|anything else)|in every (?:answer|response|reply))\b",
    ),
    "source": phrase(
        "passage|document|other evidence|the evidence|the context|other source|this line|above line",
        r"\b(?:(?:the |all )?other (?:passages|documents|sources|evidence)|(?:this|the above) (?:passage"
        r"|line)|the (?:evidence|context)|(?:the )?documents? above|these documents)\b",
    ),
    "secret": phrase(
        "do not |don't |never |must not &mention|reveal|disclose|tell|explain|say|admit",
        r"\b(?:do not|don't|never|must not) (?:mention|reveal|disclose|tell|explain|say|admit)\b"
        r" [^.!?\n]{0,20}\b(?:this|these|it|that you|the user|why|so)\b",
    ),
}
"""Each shows it only beside another and a directive."""
