"""What can go wrong while evaluating, on top of the tree in `index/errors.py`.

VerbatimError              (index.errors)
├── WritingError           a dataset in the making could not be written
├── GateError              a report is not as good as was required; also an AssertionError
└── InputError             (index.errors; exit code 2)
    ├── DatasetError       the folder, its cases.jsonl or a gold span is wrong
    ├── AnswersError       answers made elsewhere have another form, or are not all there
    ├── ReportError        a report or a run folder has another form, or another run in it
    ├── JudgeError         a model cannot serve as a judge of entailment
    ├── ComparisonError    two runs are not over the same cases
    ├── RagasError         ragas is not installed, or no judge is named that it could ask
    ├── ImportDataError    another project's data has another form, or its new place is taken
    ├── CalibrationError   a dataset is too small to fit weights on, or nowhere to write them
    ├── VariantError       a variant of a dataset cannot be made, or its variant.json is wrong
    └── ProposalsError     there are no proposals to review, or their file is wrong
"""

from index.errors import InputError, VerbatimError


class GateError(VerbatimError, AssertionError):
    """A report is not as good as was required: to pytest and unittest, a test that failed."""


class CalibrationError(InputError):
    """A dataset is too small to fit weights on, or it is not said where to write them."""


class DatasetError(InputError):
    """The folder is not a dataset, or its `cases.jsonl` is wrong."""


class AnswersError(InputError):
    """Answers made elsewhere do not have the form of `Answer.to_dict()`, or not fit the dataset."""


class ComparisonError(InputError):
    """Two runs are not over the same cases."""


class ReportError(InputError):
    """A file is not a report, or a run folder holds a run with other settings."""


class JudgeError(InputError):
    """A model cannot serve as a judge of entailment."""


class VariantError(InputError):
    """A variant of a dataset cannot be made, or its `variant.json` is wrong."""


class WritingError(VerbatimError):
    """A dataset in the making could not be written; what was there before is still there."""


class ProposalsError(InputError):
    """There are no proposals to review, or their file or folder has another form."""


class ImportDataError(InputError):
    """Another project's data has another form, or there is no place for what is made of it."""


class RagasError(InputError):
    """The extra `[ragas]` is not installed, or there is no judge that it could ask."""
