"""What is said of the parts of a file that failed: the first ones, and how many there were."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.errors import NoTextFieldError, SourceError
from index.types import FailedFile

MOST_TOLD = 20
"""Of one container; a file that is not what its suffix says can have millions of wrong lines."""


@dataclass(slots=True)
class FailedParts:
    """Of one container."""

    container: str
    told: list[FailedFile] = field(default_factory=list)
    """The first of those that failed for other reasons than having no text."""
    untold: int = 0
    textless: list[FailedFile] = field(default_factory=list)
    """The first record without a text, if any."""
    without_text: int = 0

    def add(self, source: str, error: SourceError | str) -> None:
        """Note that a part failed."""
        failed = FailedFile(source, str(error).removeprefix(f"{source}: "))
        if isinstance(error, NoTextFieldError):
            self.without_text += 1
            if not self.textless:
                self.textless.append(failed)
        elif len(self.told) < MOST_TOLD:
            self.told.append(failed)
        else:
            self.untold += 1

    def all(self, taken: int) -> Iterator[FailedFile]:
        """What is to be said.

        Args:
            taken: how many parts there were.
        """
        if self.without_text == 1:
            yield from self.textless
        elif self.textless:
            (first,) = self.textless
            part = first.source.removeprefix(self.container)
            yield FailedFile(
                self.container,
                f"{self.without_text:,} of its {taken:,} records have no text. The first, {part}: "
                f"{first.reason}",
            )
        yield from self.told
        if self.untold:
            yield FailedFile(
                self.container,
                f"{self.untold:,} more of its {taken:,} parts failed. The first "
                f"{MOST_TOLD} are listed.",
            )
