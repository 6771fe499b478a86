"""What documents are asked for that they do not tell, by the kind of name that is asked about.

Each form comes with the words of which none may occur in the documents.
"""

from eval.generation.names import Kind

Attribute = tuple[str, str]
"""A question with `{}` for the name, and the words of which none may occur in the documents."""

ATTRIBUTES: dict[Kind, tuple[Attribute, ...]] = {
    "person": (
        ("How tall is {}?", "tall height"),
        ("On what day is the birthday of {}?", "birthday birth born"),
        ("What is the favorite dish of {}?", "favorite favourite dish cuisine"),
        ("Whom did {} marry?", "marry married wife husband spouse marriage"),
        ("What is the annual salary of {}?", "salary wage paycheck"),
        ("Which musical instrument does {} play?", "instrument musician piano violin"),
        ("What are the hobbies of {}?", "hobby hobbies pastime"),
        ("Which foreign languages does {} speak?", "language"),
        ("Which sports club does {} support?", "club sports"),
        ("What is the nickname of {}?", "nickname nicknamed"),
    ),
    "place": (
        ("What is the average temperature in {} in July?", "temperature climate"),
        ("How many hospitals are there in {}?", "hospital clinic"),
        ("What is the literacy rate in {}?", "literacy illiteracy"),
        ("How many cinemas are there in {}?", "cinema theater theatre"),
        ("What does a bus ticket cost in {}?", "bus ticket"),
        ("How much rain falls in {} in a year?", "rain rainfall"),
        ("How many golf courses are there in {}?", "golf"),
        ("What does a taxi ride cost in {}?", "taxi cab"),
        ("What is the dialing code of {}?", "dialing"),
        ("How many dentists work in {}?", "dentist"),
    ),
    "body": (
        ("What is the phone number of {}?", "phone telephone"),
        ("What is the email address of {}?", "email mail"),
        ("What is the annual budget of {}?", "budget"),
        ("How many employees does {} have?", "employee staff payroll"),
        ("Who designed the logo of {}?", "logo emblem"),
        ("What is the motto of {}?", "motto slogan"),
        ("What is the fax number of {}?", "fax"),
        ("What is the website of {}?", "website web"),
        ("How many interns work for {}?", "intern internship"),
    ),
    "thing": (),
}
PLACES = """
Lisbon Montevideo Reykjavik Nairobi Wellington Havana Oslo Lima Hanoi
Accra Caracas Manila Dakar Helsinki Tbilisi Kathmandu Bogota Auckland
"""
PREMISES: dict[Kind, tuple[Attribute, ...]] = {
    "person": (
        ("Why did {} refuse the invitation to PLACE?", ""),
        ("When did {} move to PLACE?", ""),
        ("Whom did {} meet in PLACE?", ""),
    ),
    "place": (
        ("When did the direct flights between {} and PLACE begin?", "flight"),
        ("Why was the film festival in {} moved to PLACE?", "festival"),
        ("When did the trade fair move from {} to PLACE?", "fair"),
    ),
    "body": (
        ("Why did {} move its headquarters to PLACE?", ""),
        ("When did {} close its office in PLACE?", ""),
        ("Who led the delegation of {} at the PLACE summit?", ""),
    ),
    "thing": (),
}
DETAILS = (
    ("what was the weather like when SUBJECT PAST", "weather rain sunny snow"),
    ("how much did it cost SUBJECT to BASE", "cost costs costly expense expensive"),
    ("at what age did PERSON BASE", "aged age birth birthday"),
    ("at what time of day did SUBJECT BASE", "clock noon midnight morning afternoon evening"),
    ("how many reporters were present when SUBJECT PAST", "reporter journalist"),
    ("who took the photographs when SUBJECT PAST", "photograph photographer photo"),
)
"""Questions about an event that the documents tell of, and words of which none may occur."""
