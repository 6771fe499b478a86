"""What can go wrong while answering, on top of the tree in `index/errors.py`.

VerbatimError                    (index.errors)
├── InputError                   (index.errors; exit code 2)
│   ├── QuestionError            the question is empty or too long
│   ├── SettingsError            an option, variable or assistant.toml key is wrong
│   └── WeightsError             a file of weights cannot be used
├── ModelError                   (index.errors)
│   └── ModelUnavailableError    the named chat model cannot be used
├── PortInUseError               another program listens where the chat should
└── GroundingError               a quote is not the slice of its source it claims to be
"""

from index.errors import InputError, ModelError, VerbatimError


class QuestionError(InputError):
    """The question is empty or too long."""


class SettingsError(InputError):
    """An option, an environment variable or a key of assistant.toml is wrong."""


class WeightsError(InputError):
    """A file of weights cannot be read, or holds something else."""


class ModelUnavailableError(ModelError):
    """The named chat model cannot be used."""


class PortInUseError(VerbatimError):
    """Another program listens where the chat should."""


class GroundingError(VerbatimError):
    """A quote is not the slice of its source that it claims to be: never shown, always raised."""
