// The Evaluation tab: what may be run, what runs, whoever began it, and what came of it.
(() => {
  const { make, button, request, form, Progress, ended, comparing, opened, reopen } = window.verbatimEvaluation;
  const SOON = 700; // milliseconds between two looks at a run
  const LATER = 5000; // and at whether somebody else began one

  let parts = null;
  let view = null;
  let shown = null; // the run on the page, as it was when it was drawn last
  let timer = 0;
  let isVisible = false;
  let isLost = false;

  const isOver = (run) => !run || !["running", "stopping"].includes(run.state);

  function say(text) {
    parts.said.textContent = text;
  }

  function complain(text) {
    parts.problem.textContent = text;
    parts.problem.hidden = !text;
  }

  async function load() {
    try {
      view = await request("");
    } catch (error) {
      if (view) return complain(error.message);
      parts.loading.replaceChildren(
        make("p", { class: "v-eval-problem", role: "alert", text: error.message }),
        button("Try again", load));
      return;
    }
    parts.loading.hidden = true;
    complain("");
    parts.compare.show(view.reports);
    parts.run.hidden = !view.may_run;
    if (!view.may_run) return;
    parts.why.textContent = view.why_not ?? "";
    if (view.why_not) parts.form.replaceChildren();
    else keepForm();
    follow(view.run);
  }

  // The form is made anew only where what may be chosen is other than before.
  function keepForm() {
    const offered = JSON.stringify([view.datasets, view.models, view.may_ask_library]);
    if (parts.form.dataset.offered === offered) return;
    parts.form.dataset.offered = offered;
    parts.form.replaceChildren(form(view, (wanted) => change("/run", "POST", wanted)));
  }

  async function change(path, method, body) {
    complain("");
    try {
      const { run } = await request(path, method, body);
      follow(run, true);
    } catch (error) {
      complain(error.message);
      await look(); // somebody else's run, perhaps
    }
  }

  const actions = {
    cancel: () => change("/run", "DELETE"),
    resume: () => change("/resume", "POST", { id: shown.id }),
    discard: async () => {
      await change(`/unfinished/${encodeURIComponent(shown.id)}`, "DELETE");
      if (!shown) parts.heading.focus();
    },
  };

  function follow(run, isMine = false) {
    clearTimeout(timer);
    const before = shown;
    shown = run;
    draw(before, run, isMine);
    if (isVisible) timer = setTimeout(look, isOver(run) ? LATER : SOON);
  }

  async function look() {
    clearTimeout(timer);
    try {
      const run = document.hidden ? shown : (await request("/run")).run;
      if (isLost) complain("");
      isLost = false;
      follow(run);
    } catch (error) {
      isLost = true;
      complain(error.message);
      timer = setTimeout(look, LATER);
    }
  }

  function draw(before, run, isMine) {
    const hadFocus = parts.state.contains(document.activeElement);
    const isRunning = !isOver(run);
    parts.form.hidden = isRunning;
    parts.run.setAttribute("aria-busy", String(isRunning));
    if (isRunning) {
      parts.progress.show(run);
      if (!parts.progress.whole.isConnected) {
        parts.state.replaceChildren(parts.progress.whole);
        if (isMine) parts.progress.title.focus();
      }
      return;
    }
    const isSame = before && run && before.id === run.id && before.state === run.state;
    if (isSame) return;
    parts.state.replaceChildren(...(run ? [ended(run, actions)] : []));
    if (hadFocus) parts.state.querySelector("a, button")?.focus();
    if (before && run && !isOver(before)) over(run);
  }

  // It ended while somebody looked on.
  function over(run) {
    say([...parts.state.querySelectorAll("p")].map((line) => line.textContent).join(" "));
    if (run.state !== "done") return;
    opened.add(run.report);
    document.getElementById("v-refresh")?.click();
  }

  function build(whole) {
    parts = {
      heading: make("h3", { text: "Run an evaluation", tabindex: "-1" }),
      said: make("p", { class: "v-unseen", role: "status" }),
      loading: make("div", { class: "v-eval-note" }, make("p", { role: "status", text: "Looking what can be run …" })),
      why: make("p", { class: "v-eval-note" }),
      problem: make("p", { class: "v-eval-problem", role: "alert", hidden: true }),
      state: make("div", { class: "v-eval-state" }),
      form: make("div", {}),
      compare: comparing(say),
    };
    parts.progress = new Progress(actions.cancel, say);
    parts.run = make("div", { class: "v-eval-run", hidden: true },
      parts.heading, parts.why, parts.form, parts.state);
    parts.compare.whole.hidden = true;
    whole.replaceChildren(parts.said, parts.loading, parts.problem, parts.run, parts.compare.whole);
  }

  // Filled when it is looked at first, and read again each time it is looked at anew.
  function watch() {
    const whole = document.getElementById("v-runs");
    const list = document.getElementById("v-reports");
    if (!whole || !list || whole.dataset.watched) return;
    whole.dataset.watched = "true";
    build(whole);
    document.addEventListener("click", (event) => {
      if (event.target.closest("#v-refresh")) load(); // there may be other reports to compare
    });
    new MutationObserver(reopen).observe(list, { childList: true, subtree: true });
    new IntersectionObserver(([entry]) => {
      const was = isVisible;
      isVisible = entry.isIntersecting;
      if (isVisible && !was) load();
    }).observe(whole.closest("[role=tabpanel]"));
  }

  new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
  watch();
})();
