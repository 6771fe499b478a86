"""What a campaign found, a line for each round: it goes on where it was interrupted."""

import json
import signal
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One fault."""

    part: str
    """Of the campaign."""
    fault: str
    found: str
    """What became of it."""
    is_well: bool
    """Whether that is what should."""
    more: dict[str, int] = field(default_factory=dict)


class Ledger:
    """The rows so far, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.rows = [Row(**json.loads(line)) for line in lines]

    def add(self, row: Row) -> None:
        """Note a row, at once, and say it where something is wrong."""
        self.rows.append(row)
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(row)) + "\n")
        if not row.is_well:
            print(f"FAILED {row.part}: {row.fault}: {row.found}", flush=True)

    def count(self, part: str) -> int:
        """How many rounds of a part were done."""
        return sum(row.part == part for row in self.rows)

    def killed(self) -> int:
        """How many processes were killed before they were done."""
        return sum(row.more.get("exit") == -signal.SIGKILL for row in self.rows)

    def has(self, part: str, fault: str) -> bool:
        """Whether a round was done."""
        return any((row.part, row.fault) == (part, fault) for row in self.rows)

    def table(self) -> str:
        """All of it, in Markdown: rounds with the same fault and the same end in one line."""
        lines = [
            "| Part | Fault | Rounds | What became of it | Failed |",
            "| --- | --- | --- | --- | --- |",
        ]
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            groups.setdefault((row.part, row.fault.partition(" #")[0]), []).append(row)
        for (part, fault), rows in sorted(groups.items()):
            ends = Counter(row.found.split(",")[0][:90] for row in rows)
            killed = sum(row.more.get("exit") == -signal.SIGKILL for row in rows)
            told = "; ".join(
                f"{end} ({count})" if len(ends) > 1 else end for end, count in ends.items()
            )
            if any("exit" in row.more for row in rows):
                told = f"{killed} killed in time; {told}"
            failed = sum(not row.is_well for row in rows)
            lines.append(f"| {part} | {fault} | {len(rows)} | {told} | {failed} |")
        failed = sum(not row.is_well for row in self.rows)
        return "\n".join([*lines, "", f"{len(self.rows)} rounds, {failed} failed."])
