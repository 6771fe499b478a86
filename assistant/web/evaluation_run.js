// The Evaluation tab: the form that begins a run, its progress, and what became of it.
(() => {
  const { make, counted, button, choice, duration, pace } = window.verbatimEvaluation;
  const SOME = [10, 25, 50, 100, 250];
  const QUARTER = 4;

  const PHASES = {
    preparing: "Preparing: models are loaded …",
    scoring: "All questions are answered. Scoring, and writing the report …",
  };

  const reportAt = (path) => `reports/${path.split("/").map(encodeURIComponent).join("/")}/report.html`;

  function form(view, start) {
    const dataset = choice("Dataset", view.datasets.map(({ name, cases }) =>
      [name, `${name} · ${counted(cases, "question")}`]), offer);
    const cases = choice("Questions", []);
    const model = choice("Answered by", view.models.map(({ name, label }) => [name, label]));
    const documents = choice("Answer from", [
      ["dataset", "its own documents"],
      ...(view.may_ask_library ? [["library", "the whole Library"]] : []),
    ]);
    model.field.hidden = view.models.length < 2;
    documents.field.hidden = !view.may_ask_library;
    const run = make("button", { type: "submit", class: "v-eval-button v-eval-main", text: "Run" });

    function offer() {
      const all = view.datasets.find(({ name }) => name === dataset.select.value)?.cases ?? 0;
      const before = cases.select.value;
      const options = SOME.filter((count) => count < all).map((count) => [count, `${count}, spread over all`]);
      cases.select.replaceChildren(...[...options, ["", `all ${all.toLocaleString("en")}`]].map(
        ([value, text]) => make("option", { value, text })));
      cases.select.value = options.some(([count]) => String(count) === before) ? before : "";
    }

    async function submit(event) {
      event.preventDefault();
      run.disabled = true;
      await start({
        dataset: dataset.select.value,
        cases: cases.select.value ? Number(cases.select.value) : null,
        model: model.select.value,
        documents: documents.select.value,
      });
      run.disabled = false;
    }

    offer();
    const fields = make("div", { class: "v-eval-fields" },
      dataset.field, cases.field, model.field, documents.field, run);
    const whole = make("form", { class: "v-eval-form", "aria-label": "Run an evaluation" }, fields);
    if (view.note) whole.append(make("p", { class: "v-eval-note", text: view.note }));
    whole.addEventListener("submit", submit);
    return whole;
  }

  // Changes in place: nobody who reads it, or stands on its button, is disturbed.
  class Progress {
    constructor(cancel, say) {
      this.say = say;
      this.title = make("h4", { tabindex: "-1" });
      this.text = make("p", { class: "v-eval-pace" });
      this.bar = make("progress", { "aria-label": "Questions answered" });
      this.cancel = button("Cancel", () => cancel());
      this.whole = make("div", { class: "v-eval-panel" },
        make("div", { class: "v-eval-line" }, this.title, this.cancel), this.bar, this.text,
        make("p", { class: "v-eval-note", text: "It goes on when this page is closed." }));
      this.told = null;
    }

    show(run) {
      this.title.textContent = `${run.dataset} · ${run.model}`;
      this.cancel.hidden = !run.may_cancel && run.state === "running"; // somebody else's
      // Not disabled: who stands on it would lose their place.
      this.cancel.setAttribute("aria-disabled", String(run.state === "stopping"));
      this.cancel.textContent = run.state === "stopping" ? "Ending …" : "Cancel";
      const [done, of] = run.indexed ?? [run.done, run.of];
      if (run.phase === "preparing" && !run.indexed) this.bar.removeAttribute("value");
      else {
        this.bar.max = of;
        this.bar.value = done;
      }
      this.bar.setAttribute("aria-label", run.indexed ? "Documents indexed" : "Questions answered");
      this.text.textContent = this.toldOf(run);
      this.announce(run);
    }

    toldOf(run) {
      if (run.state === "stopping") return "Ending; what was answered is kept.";
      if (run.indexed) {
        const [done, of] = run.indexed;
        return `Preparing: ${done.toLocaleString("en")} of ${counted(of, "document")} indexed …`;
      }
      if (PHASES[run.phase]) return PHASES[run.phase];
      const parts = [`${run.done.toLocaleString("en")} of ${counted(run.of, "question")}`];
      if (run.per_second) parts.push(pace(run.per_second), `about ${duration(run.seconds_left)} left`);
      if (run.failed) parts.push(`${run.failed.toLocaleString("en")} failed`);
      return parts.join(" · ");
    }

    // To who hears the page: each phase, and each quarter.
    announce(run) {
      const [done, of] = run.indexed ?? [run.done, run.of];
      const quarter = Math.floor((QUARTER * done) / Math.max(of, 1));
      const milestone = `${run.id} ${run.state} ${run.phase} ${quarter}`;
      if (milestone === this.told) return;
      this.told = milestone;
      this.say(this.toldOf(run));
    }
  }

  function ended(run, { resume, discard }) {
    if (run.state === "done") {
      const failed = run.failed ? ` ${counted(run.failed, "question")} failed: the report says why.` : "";
      return make("div", { class: "v-eval-panel v-eval-done" },
        make("div", { class: "v-eval-line" },
          make("p", {}, make("strong", { text: `${run.dataset} is done` }),
            `: ${counted(run.of, "question")} in ${duration(run.seconds)}.${failed}`),
          make("a", {
            class: "v-eval-button v-eval-main", href: reportAt(run.report), target: "_blank", rel: "noopener",
          }, "Open the report", make("span", { class: "v-unseen", text: " of this run (opens in a new tab)" }))));
    }
    const kept = run.done ? ` ${run.done.toLocaleString("en")} of ${counted(run.of, "answer")} are kept.` : "";
    const what = { failed: "failed", canceled: "was canceled", interrupted: "was interrupted" }[run.state];
    const whole = make("div", { class: "v-eval-panel" },
      make("div", { class: "v-eval-line" },
        make("p", {}, make("strong", { text: `The run on ${run.dataset} ${what}.` }), kept),
        make("div", { class: "v-eval-buttons" },
          button(run.done ? "Go on" : "Try again", resume, { class: "v-eval-button v-eval-main" }),
          button("Discard", discard))));
    if (run.problem) {
      whole.classList.add("v-eval-failed");
      whole.append(make("p", { class: "v-eval-problem", dir: "auto", text: run.problem }));
    }
    return whole;
  }

  Object.assign(window.verbatimEvaluation, { form, Progress, ended });
})();
