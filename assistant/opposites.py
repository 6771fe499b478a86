"""Words that mean the opposite of each other, by their stems."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from index.terms import analyze

_PAIRS = """
    rise/fall rose/fell grow/shrink grew/shrank increase/decrease increase/decline growth/decline
    increase/reduce raise/lower expand/contract gain/lose more/less most/least more/fewer high/low
    higher/lower highest/lowest maximum/minimum large/small larger/smaller largest/smallest
    long/short longer/shorter major/minor upper/lower heavy/light rich/poor majority/minority
    join/leave joined/left enter/leave enter/withdraw join/withdraw remain/withdraw remain/leave
    stay/leave arrive/depart begin/end began/ended start/end start/stop open/close opened/closed
    first/last before/after early/late earlier/later old/new oldest/newest young/old ancient/modern
    buy/sell bought/sold import/export lend/borrow hire/fire appoint/dismiss elect/oust win/lose
    won/lost victory/defeat attack/defend war/peace friend/enemy friendly/hostile ally/rival
    accept/reject accepted/rejected accept/refuse agree/disagree support/oppose supported/opposed
    allow/forbid allowed/banned allow/prevent legal/illegal possible/impossible able/unable
    succeed/fail success/failure strengthen/weaken strengthened/weakened strong/weak build/destroy
    built/destroyed create/destroy mend/break approach/retreat include/exclude inside/outside
    north/south northern/southern east/west eastern/western male/female men/women public/private
    internal/external direct/indirect formal/informal positive/negative true/false same/different
    similar/different good/bad better/worse best/worst easy/difficult simple/complex common/rare
    always/never known/unknown finite/infinite even/odd alive/dead born/died married/divorced
"""


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """For each term that has opposites here, these; terms as `index.terms.analyze` gives them."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in _PAIRS.split():
        one, other = (analyze(word)[0] for word in pair.split("/"))
        found[one].add(other)
        found[other].add(one)
    return {term: frozenset(others) for term, others in found.items()}
