// The Library tab: what there is, what is being changed, and what somebody does with it.
(() => {
  const { STATES, Files, make, button, counted, request, picture, table, lay, onDrop } = window.verbatimLibrary;
  const SOON = 400; // milliseconds between two looks at a job that runs
  const LATER = 5000; // and at whether somebody else began one

  const order = { search: "", state: "", sort: "title", down: false, page: 1 };
  const waiting = new Map(); // job id -> what to call with the job once it has ended
  let parts = null; // the places that are filled
  let files = null;
  let view = null;
  let asked = 0;
  let lookTimer = 0;
  let undoTimer = 0;
  let lastJob = null;
  let isShown = false;
  let isStale = false; // the table is older than the view, since a form is open in it

  const section = () => document.getElementById("v-library");
  const isEditing = () => Boolean(parts?.table.querySelector(".v-lib-form"));

  function say(text, isError = false) {
    parts.said.textContent = text;
    parts.said.classList.toggle("v-lib-error", isError);
  }

  async function attempt(change) {
    try {
      return await change();
    } catch (error) {
      say(error.message, true);
      return null;
    }
  }

  // What there is.

  async function load() {
    const mine = ++asked;
    const query = new URLSearchParams(order);
    try {
      const found = await request(`?${query}`);
      if (mine !== asked) return;
      const isFirst = view === null;
      view = found;
      order.page = view.page;
      show();
      if (isFirst) drawPicture();
    } catch (error) {
      if (mine !== asked) return;
      if (view) return say(error.message, true);
      parts.table.replaceChildren(make("div", { class: "v-lib-empty" },
        make("p", { role: "alert", class: "v-lib-error", text: error.message }),
        button("Try again", load)));
    }
  }

  function show() {
    const focus = document.activeElement?.dataset.focus;
    showHead();
    showStates();
    showRemoved();
    if (isEditing()) isStale = true;
    else showTable();
    showPager();
    follow(view.job);
    if (focus && document.activeElement === document.body) {
      parts.whole.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
    }
  }

  function showHead() {
    const { total, matching } = view;
    parts.count.textContent = order.search || order.state
      ? `${matching.toLocaleString("en")} of ${counted(total, "document")}` : counted(total, "document");
    parts.add.hidden = !view.may_upload;
    parts.reindex.hidden = !view.may_change || !total;
    parts.tools.hidden = !total;
    parts.picture.hidden = !total;
  }

  function showStates() {
    const odd = ["changed", "missing"].filter((state) => view.states[state]);
    if (order.state && !odd.includes(order.state)) odd.push(order.state);
    parts.states.replaceChildren(...odd.map((state) => button(
      `${STATES[state]}: ${view.states[state].toLocaleString("en")}`,
      () => change({ state: order.state === state ? "" : state, page: 1 }),
      { "aria-pressed": String(order.state === state), "data-focus": `state ${state}` },
    )));
    parts.states.hidden = !odd.length;
  }

  function showTable() {
    isStale = false;
    if (!view.total) return parts.table.replaceChildren(empty());
    if (!view.matching) {
      return parts.table.replaceChildren(make("div", { class: "v-lib-empty" },
        make("p", { text: "No document matches." }),
        button("Show all", () => {
          parts.search.value = "";
          change({ search: "", state: "", page: 1 });
          parts.search.focus();
        })));
    }
    const sort = (name, down) => change({ sort: name, down, page: 1 });
    parts.sort.value = order.sort === "published" && order.down ? "published down" : order.sort;
    parts.table.replaceChildren(table(view, order, sort, view.may_change ? actions : null));
  }

  function empty() {
    const how = view.may_upload ? "Add files, or drop them here: " + view.suffixes.join(", ") + "."
      : "Whoever runs the server adds documents with: assistant index PATH";
    return make("div", { class: "v-lib-empty" },
      make("h3", { text: "No documents yet" }), make("p", { text: how }));
  }

  function showPager() {
    const { page, pages } = view;
    parts.pager.hidden = pages < 2;
    parts.place.textContent = `Page ${page.toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    parts.before.disabled = page <= 1;
    parts.after.disabled = page >= pages;
  }

  function change(values) {
    Object.assign(order, values);
    return load();
  }

  function turn(by) {
    const hadFocus = document.activeElement;
    return change({ page: order.page + by }).then(() => {
      parts.tools.scrollIntoView({ block: "start" });
      if (hadFocus?.disabled) parts[by > 0 ? "before" : "after"].focus();
    });
  }

  async function drawPicture() {
    const drawn = await picture().catch(() => null);
    if (drawn) parts.charts.replaceChildren(drawn);
  }

  // What was removed, as long as it can be had back.

  function showRemoved() {
    clearTimeout(undoTimer);
    const now = Date.now();
    const left = view.removed.map((each) => ({ ...each, end: now + 1000 * each.seconds_left }));
    const tick = () => {
      const still = left.filter(({ end }) => end > Date.now());
      const hadFocus = parts.removed.contains(document.activeElement);
      if (still.length !== parts.removed.children.length || !still.length) {
        parts.removed.replaceChildren(...still.map(removedLine));
        if (hadFocus && !still.length) parts.search.focus();
      }
      still.forEach(({ end }, place) => {
        parts.removed.children[place].querySelector(".v-lib-left").textContent =
          `${Math.ceil((end - Date.now()) / 1000)} s left`;
      });
      if (still.length) undoTimer = setTimeout(tick, 1000);
    };
    parts.removed.replaceChildren();
    tick();
  }

  function removedLine({ token, name }) {
    return make("li", { class: "v-lib-removed" },
      make("span", {}, "Removed ", make("bdi", { text: name })),
      make("small", { class: "v-lib-left" }),
      button("Undo", () => attempt(() => start("/undo", "POST", { token })), {
        "data-focus": `undo ${token}`, "aria-label": `Undo: removed ${name}`,
      }));
  }

  // Changes: each is a job, whoever began it.

  async function start(path, method, body) {
    const { job } = await request(path, method, body);
    if (!job) return null;
    return started(job);
  }

  function started(job) {
    follow(job);
    return new Promise((resolve) => waiting.set(job.id, resolve));
  }

  function follow(job) {
    clearTimeout(lookTimer);
    showJob(job);
    const isRunning = job?.state === "running";
    if (isRunning || isShown || waiting.size) lookTimer = setTimeout(look, isRunning ? SOON : LATER);
  }

  async function look() {
    let job = lastJob;
    try {
      if (!document.hidden || waiting.size) ({ job } = await request("/job"));
    } catch {
      // the next look may reach the server again
    }
    follow(job);
  }

  function showJob(job) {
    const before = lastJob;
    lastJob = job;
    const isRunning = job?.state === "running";
    parts.whole.setAttribute("aria-busy", String(isRunning));
    if (isRunning) {
      if (before?.id !== job.id) say(`Now ${job.title}.`);
      const counts = job.of ? `${job.done.toLocaleString("en")} of ${counted(job.of, "file")}` : "";
      const passages = job.passages ? `, ${counted(job.passages, "passage")}` : "";
      parts.job.hidden = false;
      parts.stop.hidden = !job.may_stop;
      parts.stop.setAttribute("aria-disabled", String(job.is_stopping)); // `disabled` would lose the focus
      parts.stop.textContent = job.is_stopping ? "Stopping…" : "Cancel";
      parts.jobText.textContent = `${job.title.charAt(0).toUpperCase()}${job.title.slice(1)}` +
        `${counts ? `: ${counts}${passages}` : ""}`;
      if (job.of) {
        parts.bar.max = job.of;
        parts.bar.value = job.done;
      } else parts.bar.removeAttribute("value");
      return;
    }
    const hadFocus = parts.job.contains(document.activeElement);
    parts.job.hidden = true;
    if (hadFocus) (parts.add.hidden ? parts.reindex : parts.add).focus();
    const hasEnded = job && (waiting.has(job.id) || (before && (before.id !== job.id || before.state === "running")));
    if (hasEnded) ended(job);
  }

  function ended(job) {
    const notes = job.notes.filter(() => job.kind !== "index" || !waiting.has(job.id));
    parts.notes.replaceChildren(...notes.map((note) => make("li", { class: note.is_error ? "v-lib-error" : "" },
      make("bdi", { text: note.name }), `: ${note.text}`)));
    parts.notes.hidden = !notes.length;
    const done = waiting.get(job.id);
    waiting.delete(job.id);
    // First what it led to, then that it is done and whoever waits for it.
    load().then(() => {
      say(job.result, job.state === "failed");
      done?.(job);
      drawPicture();
    });
    document.dispatchEvent(new CustomEvent("verbatim:library"));
  }

  const actions = {
    async save(entry, given) {
      const job = await start(`/documents/${entry.id}`, "POST", given);
      if (job?.state === "failed") throw new Error(job.result);
    },
    edited: () => { if (isStale) showTable(); },
    reindex: (ids) => attempt(() => start("/reindex", "POST", ids ? { documents: ids } : {})),
    async stop() {
      const { job } = await attempt(() => request("/stop", "POST", { job: lastJob.id })) || {};
      if (job) follow(job);
    },
    async remove(entry, together = false) {
      const query = together ? "?together=true" : "";
      const job = await attempt(() => start(`/documents/${entry.id}${query}`, "DELETE"));
      if (job?.state === "done") parts.removed.querySelector("button")?.focus();
    },
  };

  function build(whole) {
    parts = lay(whole, { reindex: () => actions.reindex(null), stop: actions.stop, turn });
    files = new Files(parts.uploads, { started, say, closed: () => parts.add.focus() });
    listen();
  }

  function listen() {
    let typing = 0;
    parts.search.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => change({ search: parts.search.value, page: 1 }), 200);
    });
    parts.sort.addEventListener("change", () => {
      const [sort, down] = parts.sort.value.split(" ");
      change({ sort, down: Boolean(down), page: 1 });
    });
    parts.choose.addEventListener("change", () => {
      const chosen = [...parts.choose.files];
      parts.choose.value = "";
      files.add(chosen, view);
    });
    parts.charts.addEventListener("click", (event) => {
      const name = event.target.closest(".v-lib-find");
      if (!name) return;
      parts.search.value = name.dataset.words;
      change({ search: name.dataset.words, page: 1 });
      parts.search.focus();
    });
    onDrop(parts.whole, () => view?.may_upload, (dropped) => files.add(dropped, view));
  }

  // Filled when it is looked at first, and read again each time it is looked at anew.
  function watch() {
    const whole = section();
    if (!whole || whole.dataset.watched) return;
    whole.dataset.watched = "true";
    build(whole);
    new IntersectionObserver(([entry]) => {
      const wasShown = isShown;
      isShown = entry.isIntersecting;
      if (isShown && !wasShown) load();
    }).observe(whole);
  }

  new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
  watch();
})();
