"""What can go wrong while answering, on top of the tree in `index/errors.py`.

VerbatimError                    (index.errors)
├── InputError                   (index.errors; exit code 2)
│   ├── QuestionError            the question is empty or too long
│   ├── SettingsError            an option, variable or assistant.toml key is wrong
│   ├── AccountsError            a name, a password or the file of accounts cannot be used
│   ├── ConversationsFullError   more would be kept than one user may keep
│   │   └── ConversationTooLongError  more would be in one conversation
│   ├── DuplicateDocumentError   a file's text is in the collection already
│   └── WeightsError             a file of weights cannot be used
├── ModelError                   (index.errors)
│   ├── ModelUnavailableError    the chat model cannot be used: unknown, not installed, unreachable
│   ├── ModelAccessError         its key is missing or refused
│   ├── ModelTimeoutError        nothing came from it for too long
│   ├── ModelRateLimitError      it takes no more calls for now
│   ├── ContextLengthError       the prompt is longer than it reads
│   ├── ModelCutOffError         it broke off after text had come
│   └── ModelReplyError          what came from it is no reply
├── ConversationsError           the file of someone's conversations cannot be used
├── LibraryBusyError             the documents are being changed by somebody else
├── FeedbackError                the file of feedback cannot be used
├── PortInUseError               another program listens where the chat should
├── StoppingError                the server is about to end
└── GroundingError               a quote is not the slice of its source it claims to be

Exceptions of chat model libraries become one of these in `assistant/model_errors.py`.
"""

from index.errors import InputError, ModelError, VerbatimError


class QuestionError(InputError):
    """The question is empty or too long."""


class SettingsError(InputError):
    """An option, an environment variable or a key of assistant.toml is wrong."""


class AccountsError(InputError):
    """A name, a password or the file of those who may sign in cannot be used."""


class DuplicateDocumentError(InputError):
    """A file whose text is in the collection already."""


class WeightsError(InputError):
    """A file of weights cannot be read, or holds something else."""


class ConversationsFullError(InputError):
    """More conversations would be kept than one user may keep; what is kept stays as it is."""


class ConversationTooLongError(ConversationsFullError):
    """More would be in one conversation than may be: another one has room."""


class ModelUnavailableError(ModelError):
    """The named chat model cannot be used: unknown, not installed, or its server is down."""


class ModelAccessError(ModelError):
    """The chat model's key is missing, or was refused."""


class ModelTimeoutError(ModelError):
    """Nothing came from the chat model for longer than the time-out."""


class ModelRateLimitError(ModelError):
    """The chat model takes no more calls for now."""


class ContextLengthError(ModelError):
    """The prompt is longer than the chat model can read."""


class ModelCutOffError(ModelError):
    """The chat model broke off after text had come."""


class ModelReplyError(ModelError):
    """What came from the chat model is no reply."""


class ConversationsError(VerbatimError):
    """The file that a user's conversations are kept in cannot be read or written."""


class LibraryBusyError(VerbatimError):
    """The documents are being changed: one change at a time."""


class FeedbackError(VerbatimError):
    """The file that feedback is kept in cannot be read or written."""


class PortInUseError(VerbatimError):
    """Another program listens where the chat should."""


class StoppingError(VerbatimError):
    """The server is about to end: nothing more is begun, or what was begun is broken off."""


class GroundingError(VerbatimError):
    """A quote is not the slice of its source that it claims to be: never shown, always raised."""
