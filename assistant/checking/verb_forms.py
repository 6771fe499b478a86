"""Irregular verbs: terms of which no stemmer sees that they are one word."""

from collections.abc import Mapping
from functools import cache

from index.terms import analyze

_FORMS = """
    arise/arose/arisen awake/awoke bear/bore/borne beat/beaten become/became begin/began/begun
    bend/bent bind/bound bite/bit/bitten blow/blew/blown break/broke/broken breed/bred bring/brought
    build/built burn/burnt buy/bought catch/caught choose/chose/chosen cling/clung come/came
    creep/crept deal/dealt dig/dug draw/drew/drawn dream/dreamt drink/drank/drunk drive/drove/driven
    eat/ate/eaten fall/fell/fallen feed/fed feel/felt fight/fought flee/fled fly/flew/flown
    forbid/forbade/forbidden forget/forgot/forgotten freeze/froze/frozen get/got/gotten
    give/gave/given go/went/gone grind/ground grow/grew/grown/growth hang/hung hear/heard
    hide/hid/hidden
    hold/held keep/kept know/knew/known lay/laid lead/led lean/leant leap/leapt learn/learnt
    leave/left lend/lent light/lit lose/lost/loss make/made mean/meant meet/met overcome/overcame
    overthrow/overthrew/overthrown overtake/overtook pay/paid ride/rode/ridden ring/rang/rung
    rise/rose/risen run/ran see/saw/seen seek/sought sell/sold/sale send/sent shake/shook/shaken
    shine/shone shoot/shot show/shown shrink/shrank/shrunk sing/sang/sung sink/sank/sunk sit/sat
    sleep/slept slide/slid speak/spoke/spoken spend/spent spin/spun stand/stood steal/stole/stolen
    stick/stuck strike/struck strive/strove swear/swore/sworn sweep/swept swim/swam/swum
    swing/swung take/took/taken teach/taught tear/tore/torn tell/told think/thought
    throw/threw/thrown undergo/underwent understand/understood undertake/undertook/undertaken
    wake/woke/woken wear/wore/worn weave/wove/woven win/won withdraw/withdrew/withdrawn
    withstand/withstood write/wrote/written man/men woman/women child/children foot/feet
    person/people
    say/said conquest/conquer invasion/invade destruction/destroy decision/decide defense/defend
    death/die/dead birth/born marriage/marry successor/succeed
    founder/found expansion/expand production/produce belief/believe proof/prove choice/choose
    behaviour/behavior colour/color labour/labor centre/center defence/defense honour/honor
"""


@cache
def base_terms() -> Mapping[str, str]:
    """The term of the first form for the terms of the others; `index.terms.analyze` makes terms."""
    found: dict[str, str] = {}
    for family in _FORMS.split():
        first, *others = (analyze(form)[0] for form in family.split("/"))
        found |= {other: first for other in others if other != first and other not in found}
    return {term: _root(term, found) for term in found}


def _root(term: str, bases: Mapping[str, str]) -> str:
    """The term at the end of a chain: "sold" is "sell", and "sell" is "sale"."""
    for _ in bases:
        if term not in bases:
            break
        term = bases[term]
    return term
