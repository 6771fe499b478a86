"""What the server tells Prometheus of itself: numbers, and labels of few values.

No label holds the name of a user, a document or a question. See docs/operating.md.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from assistant.answer_log import Report
from index.errors import ModelError
from index.selftest import updated

if TYPE_CHECKING:
    from index import Index

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Upper ends of the histograms' buckets."""
STEPS = ("contextualize", "retrieve", "evidence", "read", "model")
"""Of the timings of an answer, those that are told of."""
JOB_STATES = ("done", "failed", "stopped")


class Metrics:
    """The numbers of one server. Safe to share between threads."""

    def __init__(self) -> None:
        """All begin at nothing."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # twice as many lines else
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"verbatim_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"verbatim_{name}", text, labels, registry=registry)

        self.requests = counter("requests", "HTTP requests.", "place", "status")
        self.answers = counter("answers", "Questions, by how they went.", "outcome")
        self.errors = counter("answer_errors", "Questions that failed, by error.", "kind")
        self.refused = counter("refused", "Questions that were not begun, by why.", "reason")
        self.seconds = Histogram(
            "verbatim_answer_seconds", "Time until an answer was whole.",
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self.steps = Histogram(
            "verbatim_step_seconds", "Time that a step of an answer took.", ("step",),
            buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self.running = gauge("answers_in_progress", "Answers that are being given.")
        self.waiting = gauge("events_waiting", "Events of pages and programs that wait their turn.")
        self.model_calls = counter("model_calls", "Calls of the chat model.", "cached")
        self.model_tokens = counter("model_tokens", "Tokens of the chat model.", "direction")
        self.model_failures = counter("model_failures", "Questions the model failed.", "kind")
        self.ready = gauge("ready", "Whether /readyz says that questions can be answered.")
        self.jobs = gauge("library_jobs_running", "Changes of the documents that are being made.")
        self.documents = gauge("index_documents", "Documents of the shared index.")
        self.passages = gauge("index_passages", "Passages of the shared index.")
        self.revision = gauge("index_revision", "Revision of the shared index.")
        self.updated = gauge(
            "index_updated_timestamp_seconds", "When the shared index was last brought up to date."
        )
        self.jobs_ended = counter("library_jobs", "Changes of the documents that ended.", "state")
        self._jobs_told = dict.fromkeys(JOB_STATES, 0)
        for outcome in ("answered", "abstained", "stopped", "cut", "failed"):
            self.answers.labels(outcome)  # a rate of what has not come yet is 0, not unknown
        for reason in ("busy", "rate", "stopping"):
            self.refused.labels(reason)

    def answered(self, report: Report) -> None:
        """Count an answer."""
        self.answers.labels(report.outcome).inc()
        self.seconds.observe(report.seconds)
        if report.error is not None:
            self.errors.labels(report.kind).inc()
            if isinstance(report.error, ModelError):
                self.model_failures.labels(report.kind).inc()
        if report.answer is None:
            return
        for step in STEPS:
            if step in report.answer.timings:
                self.steps.labels(step).observe(report.answer.timings[step])
        usage = report.answer.usage or {}
        cached = int(usage.get("cached_calls", 0))
        if calls := int(usage.get("calls", 0)):
            self.model_calls.labels("no").inc(max(0, calls - cached))
            self.model_calls.labels("yes").inc(cached)
        for direction in ("input", "output"):
            if tokens := int(usage.get(f"{direction}_tokens", 0)):
                self.model_tokens.labels(direction).inc(tokens)

    def ended(self, counts: Iterable[tuple[str, int]]) -> None:
        """Take over how many changes of the documents have ended, by state."""
        for state, count in counts:
            more = count - self._jobs_told.get(state, 0)
            if more > 0:
                self._jobs_told[state] = count
                self.jobs_ended.labels(state).inc(more)

    def of_index(self, index: "Index") -> None:
        """Look at the index."""
        self.documents.set(index.document_count)
        self.passages.set(index.passage_count)
        self.revision.set(index.revision)
        if (changed := updated(index)) is not None:
            self.updated.set(changed)

    def text(self) -> bytes:
        """As Prometheus reads them."""
        return generate_latest(self.registry)
