"""What can go wrong while evaluating, on top of the tree in `index/errors.py`.

VerbatimError              (index.errors)
└── InputError             (index.errors; exit code 2)
    ├── DatasetError       the folder, its cases.jsonl or a gold span is wrong
    └── AnswersError       answers made elsewhere have another form, or are not all there
"""

from index.errors import InputError


class DatasetError(InputError):
    """The folder is not a dataset, or its `cases.jsonl` is wrong."""


class AnswersError(InputError):
    """Answers made elsewhere do not have the form of `Answer.to_dict()`, or not fit the dataset."""
