"""Faults of many kinds, one after the other, on indexes of small documents.

    python scripts/campaign/run.py --work .verbatim/campaign --seed 1 --kills 240

Run it again with the same folder to go on where it was interrupted. What fails is kept beside it.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from ledger import Ledger

PARTS = ("kills", "chat", "chat_model", "damage", "flips", "disk", "writers", "network", "servers")


def main() -> int:
    """Run the parts that are named, print the table, and say by the exit code if all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"out of {', '.join(PARTS)}")
    parser.add_argument("--work", type=Path, default=Path(".verbatim/campaign"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=240)
    parser.add_argument("--flips", type=int, default=400)
    parser.add_argument("--short", action="store_true", help="a few faults of each part")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(work / f"ledger-{arguments.seed}.jsonl")
    for name in arguments.parts or PARTS:
        folder = work / f"{name}-{arguments.seed}"
        folder.mkdir(exist_ok=True)
        part = import_module(name)
        if name == "kills":
            part.run(ledger, folder, arguments.seed, arguments.kills)
        elif name == "flips":
            part.run(ledger, folder, arguments.seed, short=arguments.short, flips=arguments.flips)
        else:
            part.run(ledger, folder, arguments.seed, short=arguments.short)
    print(ledger.table())
    return 0 if all(row.is_well for row in ledger.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
