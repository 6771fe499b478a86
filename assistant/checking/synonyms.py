"""Words that may stand for one another without changing what is claimed.

A word that no quote has is how a claim is changed: `bought` for `sold`, `left` for `joined`. No
rule tells a synonym from an opposite, so the few safe ones are listed, in groups.
"""

from functools import cache

from index.terms import analyze

_GROUPS = """
about approximately around roughly nearly almost some circa
also additionally too moreover
although though while whereas
area region territory zone
argue claim contend maintain hold assert
author writer
become grow turn
begin start commence launch
big large great major
build construct erect
buy purchase acquire
call name term
car vehicle automobile
chief head leader
child kid
choose select pick
city town
collaborate cooperate
compare contrast
complete finish
contain hold have include comprise
country nation state
create make form establish found set
decade ten
describe portray depict characterize
desire want wish
difficult hard
die pass
end finish conclude
enemy foe
entire whole all
error mistake
expect anticipate
fast quick rapid
firm company business enterprise
following after
forbid ban prohibit
force compel
frequently often
gather collect
get receive obtain gain
give provide supply grant
guarantee ensure
happen occur take place
help assist aid support
house home
huge enormous vast
idea notion concept
illness disease
important significant key
increase rise grow
instance example
intend plan mean
job work occupation
keep retain
kill slay
king monarch ruler
know recognize
lack want
last final
law statute act
lead head
live reside dwell
locate situate lie stand
main principal chief primary
male man
mention note state say tell write report observe remark point add explain
method way manner
money fund
much many lot
need require
new novel
number figure amount quantity total count
official officer
own possess
part portion share
pay spend
people person individual
perhaps maybe
permit allow let
photo photograph picture
place site location spot
prior before earlier previous former
problem issue
quantity amount
reach attain
reason cause because due owing
regard consider view see
remain stay
report account
sea ocean
ship vessel boat
show demonstrate indicate reveal
sick ill
small little
soldier troop serviceman
stop cease halt discontinue
student pupil
substantial considerable
thing matter
today now currently
trade commerce
try attempt seek
use employ utilize
usually typically generally normally
war conflict
wealth riches
woman female
yearly annual
"""
_SAFE = """
according affirm amid article basis case cite concern describe detail document fact generally
given include information known mention namely note overall passage per quote refer regard relate
respectively say source specifically state text thus topic total well write
"""


def is_safe(term: str) -> bool:
    """Whether a term may be added to what the quotes say, because it claims nothing."""
    return term in _safe()


def others(term: str) -> frozenset[str]:
    """The terms that may stand in the place of a term; empty where none is known."""
    return _groups().get(term, frozenset())


@cache
def _safe() -> frozenset[str]:
    return frozenset(analyze(_SAFE))


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = frozenset(analyze(line))
        for term in group:
            found[term] = found.get(term, frozenset()) | group
    return found
