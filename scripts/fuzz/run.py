"""Fuzz the product: random changes, growth of time, or guidance by coverage. See docs/fuzzing.md.

python scripts/fuzz/run.py --inputs 1000000 --seed 1
python scripts/fuzz/run.py --inputs 20000 --target replies --target checks
python scripts/fuzz/run.py --growth
python scripts/fuzz/run.py --guided --target dates --inputs 100000
python scripts/fuzz/run.py --target replies --seed 1 --at 4711
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> int:
    """Run what is asked for; 1 where something was found."""
    options = _options()
    if options.guided:
        return _guided(options)
    from scripts.fuzz.targets import TARGETS
    from scripts.fuzz.trying import as_json, table, try_many

    chosen = [each for each in TARGETS if not options.target or each.name in options.target]
    if unknown := {*(options.target or ())} - {each.name for each in TARGETS}:
        sys.exit(
            f"Expected targets among {', '.join(each.name for each in TARGETS)}, found {unknown}."
        )
    if options.at is not None:
        return _again(chosen[0], options.seed, options.at)
    if options.growth:
        return _growth(chosen, options.patterns, options.seed)
    whole, all_tried = sum(each.weight for each in chosen), []
    for target in chosen:
        tried = try_many(
            target, max(options.least, options.inputs * target.weight // whole), options.seed
        )
        all_tried.append(tried)
        print(f"{target.name}: {tried.inputs:,} inputs in {tried.seconds:.0f} s", file=sys.stderr)
        for finding in tried.findings.values():
            print(f"  {finding.count} x {finding.what}, first at {finding.number}", file=sys.stderr)
        sys.stderr.flush()
        if options.out is not None:
            options.out.write_text(as_json(all_tried), encoding="utf-8")
    print(table(all_tried), end="")
    return int(any(each.findings for each in all_tried))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=20_000, help="for all targets together")
    parser.add_argument("--least", type=int, default=50, help="inputs of each target at least")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", action="append", help="only this one; may be repeated")
    parser.add_argument("--at", type=int, help="try this one input again and show what happens")
    parser.add_argument("--growth", action="store_true", help="long repetitive texts instead")
    parser.add_argument("--patterns", type=int, default=20, help="random ones for --growth")
    parser.add_argument("--guided", action="store_true", help="by coverage, one target at a time")
    parser.add_argument("--out", type=Path, help="where to write what was found, as JSON")
    return parser.parse_args()


def _again(target: object, seed: int, number: int) -> int:
    from scripts.fuzz.target import Target, generator, try_one

    assert isinstance(target, Target)
    made = target.make(generator(target.name, seed, number))
    print(f"{made!r:.4000}")
    try_one(target, generator(target.name, seed, number))
    print("Nothing is wrong with it.")
    return 0


def _growth(chosen: list, count: int, seed: int) -> int:  # type: ignore[type-arg]
    from scripts.fuzz.growth import grows_badly, patterns

    found = 0
    for target in (each for each in chosen if each.grow is not None):
        bad = [told for pattern in patterns(count, seed) if (told := grows_badly(target, pattern))]
        found += len(bad)
        print(
            f"{target.name}: {len(patterns(count, seed))} patterns, {len(bad)} grow too fast",
            flush=True,
        )
        for told in bad:
            print(f"  {told}", flush=True)
    return int(found > 0)


def _guided(options: argparse.Namespace) -> int:
    from scripts.fuzz.coverage import instrumented, run_guided

    instrumented()
    from scripts.fuzz.targets import TARGETS

    target = next(each for each in TARGETS if each.name == options.target[0])
    run_guided(target, options.inputs, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
