"""Reading the replies of chat models, in whatever form they come.

The form that is asked for is one statement a line that ends in the ids of its evidence, or `NO
ANSWER`; or, where a model can be held to it, JSON by `SCHEMA`. The reader takes much else: it
errs towards fewer ids and fewer statements, never towards more, as each is checked afterwards.
"""

from assistant.replies.pieces import SCHEMA, Declined, Draft, Piece, Writing
from assistant.replies.reader import ReplyReader

__all__ = ["SCHEMA", "Declined", "Draft", "Piece", "ReplyReader", "Writing"]
