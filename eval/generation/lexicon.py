"""Lists of words by which names are told from other words, and from one another."""

from eval.generation.dates import MONTHS
from eval.generation.wording import word_set

TITLES = word_set(
    """President Minister King Queen Emperor Empress Pope Duke Duchess Count Countess Sir Lord
    Lady Dr Mr Mrs Ms General Captain Professor Bishop Archbishop Cardinal Senator Governor
    Secretary Ambassador Chancellor Judge Justice Colonel Major Lieutenant Admiral Prince
    Princess Prime Defense Foreign Chief Vice Deputy Reverend Saint St Marquis Baron"""
)
"""What stands before the names of people."""
CALENDAR = frozenset(MONTHS) | word_set(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter"""
)
PARTICLES = word_set("""of de la du des von van der den bin ibn al del della di da""")
"""Small words inside names."""
GIVEN_NAMES = word_set(
    """aaron abraham adam ahmed aisha alan albert alexander alexei alfred ali alice allan amit
    amy anders andrei andrew angela ani anil ann anna anne anthony ararat armen arthur barbara
    ben benjamin bernard bob boris brian bruno carl carlos caroline catherine charles
    charlotte christian christopher claire clara claude dan daniel david diana dmitri dmitry
    donald dorothy edward edwin elena elizabeth emil emily emma eric erik ernest eugene eva
    eve fatima felix florence francis francois frank franz frederick friedrich gabriel gennady
    george gerald giovanni grace gustav hans harold harry hassan heinrich helen henri henry
    herbert herman hiroshi howard hugh hugo ian ibrahim igor ilham ingrid irene isaac isabella
    ivan ivana jack jacob jacques james jan jane jean jennifer jeremy jerome jessica jim joan
    joe johann john jonathan jose joseph juan julia julian julius karen karl katarina kate
    katherine keith kenji kenneth kevin lars laura lawrence leo leon leonard lewis linda louis
    louise lucas lucy luigi luis marco margaret maria marie mark martha martin mary matthew
    max michael michel miguel mikhail mohammed muhammad nancy natalia nicholas nick nicolas
    nikita nikol nikolai nora olga oliver omar oscar oskar otto patricia patrick paul pavel
    pedro peter philip philippe pierre pieter priya rachel raj ralph raymond rebecca richard
    robert roger roland ronald rose rudolf ruth sam samantha samuel sanjay sarah scott sergei
    sergey simon sofia sophia soren stephen steven susan sven svetlana tatiana thomas tim
    timothy tom tomas valentina victor victoria viktor vincent vladimir walter wilhelm willem
    william yuki yuri yusuf zoe"""
)
"""In lower case."""
STARTERS = word_set(
    """a an the and as at after again all although among an another any because before both but
    by despite during each even every few for from he her here his how however i if in indeed
    instead into is it its later like many more moreover most much neither no none nor not now
    of on once one only or other others our over perhaps she since so some soon still such
    than that their then there these they this those though through thus to today two three
    under unlike until upon we what when where whether which while who whose why with within
    without yet you our according additionally also finally first second third further
    furthermore similarly meanwhile nevertheless often originally recently several eventually"""
)
"""Words that begin sentences and no names."""
FUNCTION_WORDS = word_set(
    """a an the and or but nor as at by for from in into near of off on onto over than that
    through to under until up upon via with within without is are was were be been has have
    had do does did can could will would shall should may might must not who which whose where
    when while if because so since though although before after during between among against
    about around across along beyond despite like unlike per also even still never always
    often later first alone too instead again both itself himself herself themselves"""
)
"""What may follow a name that is no adjective, verbs and adverbs aside."""
