"""A small dataset, for evaluations that are really run."""

import json

TEXTS = {
    "pier.md": "# The Pier\n\nThe pier of Dunsay is 412 meters long.\n\nIt was built in 1871.\n",
    "wine.md": "# The Wine\n\nIn 2019 the vineyard of Arbel sold 90,000 bottles of red wine.\n",
}
ASKED = {
    "How long is the pier of Dunsay?": ("pier.md", "The pier of Dunsay is 412 meters long."),
    "When was the pier of Dunsay built?": ("pier.md", "It was built in 1871."),
    "How many bottles did the vineyard of Arbel sell in 2019?": (
        "wine.md",
        "In 2019 the vineyard of Arbel sold 90,000 bottles of red wine.",
    ),
}
NOT_TOLD = "Who repaired the lighthouse of Kerrow?"


def put_dataset(folder, times=1):
    """Write the dataset; its questions may come several times, for a run that takes longer."""
    (folder / "documents").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    cases = [case for number in range(times) for case in _cases(number)]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    return folder


def _cases(number):
    for place, (question, (doc, quote)) in enumerate(ASKED.items()):
        start = TEXTS[doc].index(quote)
        span = {"doc": doc, "quote": quote, "start": start, "end": start + len(quote)}
        yield {
            "id": f"c-{number}-{place}",
            "category": "fact",
            "question": question,
            "evidence": [[span]],
        }
    yield {
        "id": f"c-{number}-none",
        "category": "unanswerable",
        "question": NOT_TOLD,
        "evidence": [],
    }
