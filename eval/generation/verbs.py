"""Common English verbs and their forms: what a sentence says happened, put as a question.

A closed list, on purpose: a word that is not in it is never taken for a verb, and a sentence whose
verb is not found is left alone.
"""

from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from eval.generation.wording import word_set

Form = Literal["past", "present", "participle", "base"]
"""`present` is the third person singular, `participle` a past participle that is no past form."""


class Verb(NamedTuple):
    """A word read as a verb."""

    base: str
    form: Form


AUXILIARIES = word_set(
    """is are was were has have had can could will would may might must should does did do"""
)
BE = word_set("is are was were")
_DOUBLED = word_set(
    """stop plan drop refer occur permit commit admit ban rob grab step transfer control compel
    expel equip map submit regret prefer propel patrol"""
)
"""Regular verbs that double their last letter."""

_REGULAR = """
abandon abolish absorb accelerate accept accompany accuse achieve acquire act adapt add address
adhere adjust administer admit adopt advance advise advocate affect affirm agree aid aim allege
allow alter amend annex announce answer anticipate appeal appear apply appoint approach approve
argue arm arrange arrest arrive ask assassinate assemble assert assign assist assume assure attach
attack attempt attend attract attribute authorize average award back ban base battle belong
besiege bombard border borrow call campaign cancel capture carry cause cease celebrate challenge
change charge circulate cite claim classify climb close coin collaborate collapse collect colonize
combine command commemorate commence comment commission commit compare compel compete compile
complain complete compose comprise conceive conclude condemn conduct confer confirm confiscate
conquer consider consist consolidate construct consult contain contend continue contract
contribute control convene convert convince cooperate coordinate corroborate count cover create
criticize cross crown cultivate damage date debate decide declare decline decrease decree dedicate
defeat defend define delay delegate deliver demand demolish demonstrate denounce deny depart
depend deploy deport depose derive describe desert design desire destroy detail determine develop
devise devote die differ diminish direct disagree disappear discover discuss dismiss dispatch
displace display dispute dissolve distinguish distribute divide dominate donate double draft drop
earn elect eliminate embrace emerge emigrate emphasize employ enable enact encounter encourage end
endorse endow enforce engage enhance enjoy enlist enroll ensure enter entitle equip escape
establish estimate evacuate evaluate evolve examine exceed exchange exclude execute exempt
exercise exist expand expect expel experience explain explode exploit explore export expose
express extend face fail favor fear feature file fill finance finish fire flank focus follow force
form formalize formulate found free function fund gain gather generate govern grant guarantee
guard guide halt handle happen head help hire honor host house identify ignore illustrate
implement import impose imprison improve inaugurate include incorporate increase indicate induce
influence inform inhabit inherit initiate injure insist inspect inspire install instruct insure
integrate intend intensify interpret intervene introduce invade invent invest investigate invite
involve isolate issue join judge justify kill label lack land last launch legalize liberate
license limit link list live locate lower maintain manage manufacture march mark marry massacre
master measure mediate melt mention merge migrate mine mobilize mock modify monitor motivate move
murder name narrow negotiate nominate note notice nullify number obey object oblige observe obtain
occupy occur offer open operate oppose order organize originate outlaw outline outnumber overlook
own paint participate partition pass patent patrol perceive perform permit persecute persuade
pioneer place plan plant play please pledge point portray possess postpone pour power praise
preach precede predict prefer prepare prescribe present preserve preside press pressure prevail
prevent proceed process proclaim produce prohibit project promise promote propose prosecute
protect protest prove provide provoke publish purchase pursue push qualify question raid raise
rank ratify reach react realize rebel receive recognize recommend recount recover recruit reduce
refer reform refuse regain regard register regret regulate reign reinforce reject relate release
rely remain remark remember remove rename render renew renounce reorganize repair repeal repel
replace reply report represent request require rescue resemble reserve reside resign resist
resolve respond restore restrict result resume retain retire retreat return reveal reverse revise
revive revolt reward rival rob rule sack sail sanction save scatter score search secede secure
seize select separate serve settle shape share shift shock sign signal smuggle solve specialize
sponsor spot stabilize staff stage start state station stay stop store strengthen stress stretch
structure struggle study submit succeed suffer suggest summarize summon supervise supply support
suppress surrender surround survive suspect suspend sustain switch symbolize target tax terminate
test testify threaten total touch tour trace train transfer transform translate transmit transport
travel treat trigger triumph try turn undermine unify unite unveil update urge use vacate value
vary view violate visit visualize volunteer vote wait walk want warn wash waste watch weaken weigh
welcome widen wish witness work worry yield
"""

_IRREGULAR = """
arise arose arisen  awake awoke awoken  be was been  beat beat beaten  become became become
begin began begun  bend bent bent  bind bound bound  break broke broken  bring brought brought
build built built  burn burned burned  buy bought bought  catch caught caught
choose chose chosen  come came come  cut cut cut  deal dealt dealt  do did done  draw drew drawn
drive drove driven  eat ate eaten  fall fell fallen  feed fed fed  feel felt felt
fight fought fought  find found found  flee fled fled  fly flew flown  forbid forbade forbidden
forget forgot forgotten  freeze froze frozen  get got gotten  give gave given  go went gone
grow grew grown  hang hung hung  have had had  hear heard heard  hide hid hidden  hold held held
keep kept kept  know knew known  lay laid laid  lead led led  leave left left  lend lent lent
lie lay lain  lose lost lost  make made made  mean meant meant  meet met met
outlive outlived outlived  overcome overcame overcome  overthrow overthrew overthrown
overrun overran overrun  pay paid paid  put put put  read read read  ride rode ridden
rise rose risen  run ran run  say said said  see saw seen  seek sought sought  sell sold sold
send sent sent  set set set  shoot shot shot  show showed shown  shrink shrank shrunk
sink sank sunk  sleep slept slept  speak spoke spoken  spend spent spent  split split split
spread spread spread  stand stood stood  steal stole stolen  stick stuck stuck
strike struck struck  swear swore sworn  take took taken  teach taught taught  tell told told
think thought thought  throw threw thrown  undergo underwent undergone
understand understood understood  undertake undertook undertaken  uphold upheld upheld
wear wore worn  win won won  withdraw withdrew withdrawn  write wrote written
foresee foresaw foreseen  cost cost cost
"""

STATIVE = word_set(
    """be have see think know want mean feel belong contain consist resemble depend fear regard
    remain exist lack own possess like believe consider expect wish prefer lie stand appear
    seem include comprise cost equal relate differ derive require live rank view number total
    average become serve last"""
)
"""No answer to "What did X do?"."""


@cache
def _forms() -> dict[str, Verb]:
    """Every form of every verb, in lower case; a past form wins over a base form ("found")."""
    found: dict[str, Verb] = {}
    for base, past, participle in _verbs():
        found.setdefault(past, Verb(base, "past"))
        found.setdefault(_third(base), Verb(base, "present"))
        found.setdefault(participle, Verb(base, "participle"))
        found.setdefault(base, Verb(base, "base"))
    return found


def read(word: str) -> Verb | None:
    """A word as a verb, or None."""
    return _forms().get(word)


def is_finite(word: str) -> bool:
    """Whether a word can be the verb of a sentence, other than a base form."""
    if word in AUXILIARIES:
        return True
    verb = read(word)
    return verb is not None and verb.form in ("past", "present")


def is_present_form(word: str) -> bool:
    """Whether a word is the third person singular of a verb ("writes")."""
    verb = read(word)
    return verb is not None and verb.form == "present"


def is_participle(word: str) -> bool:
    """Whether a word can be a past participle ("founded", "written")."""
    return word in _participles()


def past_of(participle: str) -> str:
    """The past form of the verb with this participle: "written" gives "wrote"."""
    return _participles()[participle]


@cache
def _participles() -> dict[str, str]:
    """The past form by the participle."""
    return {participle: past for _, past, participle in _verbs()}


def _verbs() -> Iterator[tuple[str, str, str]]:
    """(base, past, participle) of every verb."""
    words = _IRREGULAR.split()
    yield from zip(words[::3], words[1::3], words[2::3], strict=True)
    for base in _REGULAR.split():
        yield base, _past(base), _past(base)


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _third(base: str) -> str:
    irregular = {"have": "has", "do": "does", "go": "goes", "be": "is", "undergo": "undergoes"}
    if base in irregular:
        return irregular[base]
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh")) else f"{base}s"
