"""Making a follow-up question stand alone, without a model.

A question that leans on the conversation is rewritten from what was last spoken of: a pronoun gives
way to its antecedent, and a fragment ("And the year before?") is put in its place in the question
before it. Where no rule is sure, it is searched together with that question. Any other question is
searched as it is, so that the history cannot leak into a change of subject.

    leaning     whether a question leans on the conversation, and by which pronouns
    phrases     where names and noun phrases begin and end
    mentions    what a text speaks of, and what kind of thing that is
    turns       the conversation so far, and what a question takes over from it
    pronouns    an antecedent for each pronoun
    fragments   which questions are only a part of one
    completing  a whole question from a part of one
    answers     what an answer says, without what introduces its quotes
"""

from assistant.contextualize.leaning import leans_on_history
from assistant.contextualize.turns import History, contextualize

__all__ = ["History", "contextualize", "leans_on_history"]
