// The Evaluation tab: two reports side by side, and the charts of a report in the list.
(() => {
  const { make, button, choice, part } = window.verbatimEvaluation;
  const opened = new Set(); // reports whose charts somebody looks at, through each new list

  function comparing(say) {
    let isChosen = false; // by hand: then it stays when there is a new report
    const chosen = () => { isChosen = true; };
    const [a, b] = [choice("A, before", [], chosen), choice("B, after", [], chosen)];
    const found = make("div", { class: "v-eval-found" });
    const compare = make("button", { type: "submit", class: "v-eval-button v-eval-main", text: "Compare" });
    const fields = make("form", { class: "v-eval-fields v-eval-two", "aria-label": "Compare two reports" },
      a.field, b.field, compare);
    const whole = make("details", { class: "v-eval-compare" },
      make("summary", { text: "Compare two reports" }), fields, found);

    async function submit(event) {
      event.preventDefault();
      if (a.select.value === b.select.value) {
        found.replaceChildren(make("p", { class: "v-eval-problem", text: "Choose two different reports." }));
        return say("Choose two different reports.");
      }
      compare.disabled = true;
      found.setAttribute("aria-busy", "true");
      found.replaceChildren(make("p", { class: "v-eval-note", text: "Comparing …" }));
      try {
        const query = new URLSearchParams({ a: a.select.value, b: b.select.value });
        found.replaceChildren(await part(`/comparison?${query}`));
        say("The comparison is there.");
      } catch (error) {
        found.replaceChildren(make("p", { class: "v-eval-problem", role: "alert", text: error.message }));
      }
      found.setAttribute("aria-busy", "false");
      compare.disabled = false;
    }

    // The newest two of one dataset are offered first.
    function show(reports) {
      whole.hidden = reports.length < 2;
      const before = [a.select.value, b.select.value];
      for (const { select } of [a, b]) {
        select.replaceChildren(...reports.map(({ path, label }) => make("option", { value: path, text: label })));
      }
      const paths = reports.map(({ path }) => path);
      const sameData = reports.slice(1).find(({ dataset }) => dataset === reports[0].dataset);
      const isKept = isChosen && before.every((path) => paths.includes(path));
      a.select.value = isKept ? before[0] : (sameData ?? reports[1])?.path ?? "";
      b.select.value = isKept ? before[1] : paths[0] ?? "";
    }

    fields.addEventListener("submit", submit);
    return { whole, show };
  }

  async function fill(details) {
    const place = details.querySelector(".v-eval-place");
    if (place.childElementCount) return;
    place.replaceChildren(make("p", { class: "v-eval-note", role: "status", text: "Reading …" }));
    try {
      place.replaceChildren(await part(`/charts?${new URLSearchParams({ path: details.dataset.report })}`));
    } catch (error) {
      place.replaceChildren(make("p", { class: "v-eval-problem", role: "alert", text: error.message }),
        button("Try again", () => {
          place.replaceChildren();
          fill(details);
        }));
    }
  }

  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.(".v-eval-parts")) return;
    if (target.open) opened.add(target.dataset.report);
    else if (target.isConnected) opened.delete(target.dataset.report);
    if (target.open) fill(target);
  }, true);

  // The list is drawn anew with each look: what was open is opened again.
  function reopen() {
    for (const details of document.querySelectorAll(".v-eval-parts:not([open])")) {
      if (opened.has(details.dataset.report)) details.open = true;
    }
  }

  Object.assign(window.verbatimEvaluation, { comparing, opened, reopen });
})();
