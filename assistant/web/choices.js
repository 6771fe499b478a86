// What a question is asked of, and which model answers: chosen above and below the question box.
(() => {
  const all = { authors: [], documents: [], after: "", before: "" };
  let where = structuredClone(all);
  let model = "";
  let offered = null; // what the server has, as of the last look
  let asked = 0; // the last question to the server: earlier answers come too late
  let standing = 0; // the same, of what is left of a filter

  const one = (selector) => document.querySelector(selector);

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  async function ask(path, body) {
    const sent = body && {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Verbatim": "1" },
      body: JSON.stringify(body),
    };
    let response;
    try {
      response = await fetch(`app/choices${path}`, sent);
    } catch {
      throw new Error("The server cannot be reached. Look whether it runs, then try again.");
    }
    const value = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(value.error || "The filter could not be used. Try again.");
    return value;
  }

  function plain() {
    const { authors, documents, after, before } = where;
    const ids = documents.map(({ id }) => id);
    const parts = { authors, documents: ids, after: after.trim(), before: before.trim() };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value.length));
  }

  const isFiltered = () => Object.keys(plain()).length > 0;

  // The chat's own events read the choice from a hidden box.
  function tell() {
    const box = one("#v-choices-data textarea, #v-choices-data input");
    if (!box) return;
    box.value = model || isFiltered() ? JSON.stringify({ model: model || null, where: plain() }) : "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function say(text, isError = false) {
    const line = one("#v-matching");
    line.textContent = text;
    line.classList.toggle("v-over", isError);
  }

  async function count() {
    const mine = ++asked;
    if (!isFiltered()) return say("");
    try {
      const { matching, of } = await ask("/matching", { where: plain() });
      if (mine !== asked) return;
      const documents = `${of.toLocaleString("en")} document${of === 1 ? "" : "s"}`;
      if (matching) say(`${matching.toLocaleString("en")} of ${documents}`);
      else say(`None of ${documents}: take a part of the filter away.`, true);
    } catch (error) {
      if (mine === asked) say(error.message, true);
    }
  }

  function chip(text, take) {
    const remove = make("button", { type: "button", className: "v-chip-remove", textContent: "✕" });
    remove.setAttribute("aria-label", `Take away: ${text}`);
    remove.addEventListener("click", () => {
      take();
      changed();
      (one("#v-chips .v-chip-remove") || one("#v-choose")).focus();
    });
    return make("li", { className: "v-chip" }, make("bdi", { textContent: text }), remove);
  }

  function chips() {
    const without = (list, item) => list.filter((each) => each !== item);
    return [
      ...where.documents.map((each) =>
        chip(each.name, () => { where.documents = without(where.documents, each); })),
      ...where.authors.map((each) =>
        chip(`by ${each}`, () => { where.authors = without(where.authors, each); })),
      ...["after", "before"].filter((name) => where[name].trim()).map((name) =>
        chip(`${name === "after" ? "from" : "until"} ${where[name].trim()}`, () => {
          where[name] = "";
          one(`#v-filter-${name}`).value = "";
        })),
    ];
  }

  // A filter that was kept, or whose documents may be gone meanwhile: what of it still stands.
  async function restand(wanted) {
    const mine = ++standing;
    try {
      const { gone, ...left } = await ask("/standing", { where: wanted });
      if (mine !== standing) return;
      const known = new Map(where.documents.map(({ id, name }) => [id, name]));
      if (!gone.length && JSON.stringify(wanted) === JSON.stringify(plain())) return;
      where = { ...structuredClone(all), ...left };
      for (const name of ["after", "before"]) one(`#v-filter-${name}`).value = where[name];
      changed();
      lose(gone.map((id) => known.get(id)));
    } catch (error) {
      say(error.message, true);
      one("#v-scope").hidden = false;
    }
  }

  // Of a filter: names of documents that are gone; undefined where they are not known.
  function lose(names) {
    const line = one("#v-filter-lost");
    line.hidden = !names.length;
    if (!names.length) return;
    const known = names.filter(Boolean);
    const what = names.length === 1 && known.length ? `“${known[0]}”`
      : `${names.length} document${names.length === 1 ? "" : "s"} of the filter`;
    const is = names.length === 1 ? "is" : "are";
    const now = isFiltered() ? "" : " Nothing is left of the filter: all documents are asked.";
    line.textContent = `${what} ${is} no longer here, or not as before, and left the filter.${now}`;
  }

  function changed() {
    one("#v-filter-lost").hidden = true;
    const made = chips();
    one("#v-chips").replaceChildren(...made);
    one("#v-scope").hidden = !made.length && !one("#v-matching").textContent;
    one("#v-choose").classList.toggle("v-chosen", made.length > 0);
    if (made.length) one("#v-scope").hidden = false;
    tell();
    showFound();
    count().then(() => { one("#v-scope").hidden = !chips().length; });
  }

  // The panel.

  let found = [];
  function showFound() {
    const list = one("#v-filter-found");
    const held = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const isChosen = ({ id }) => where.documents.some((each) => each.id === id);
    list.replaceChildren(...found.map((each) => {
      const details = [each.by, each.published].filter(Boolean).join(" · ");
      const button = make("button", { type: "button" },
        make("bdi", { textContent: each.name }), make("small", { textContent: details }));
      button.dataset.id = each.id;
      button.setAttribute("aria-pressed", String(isChosen(each)));
      button.addEventListener("click", () => {
        where.documents = isChosen(each)
          ? where.documents.filter(({ id }) => id !== each.id) : [...where.documents, each];
        button.focus(); // not every browser gives it the focus
        changed();
      });
      return make("li", {}, button);
    }));
    if (!found.length) list.append(make("li", { className: "v-filter-none", textContent: "No document has these words in its title or author." }));
    if (held) (list.querySelector(`[data-id="${held}"]`) || one("#v-filter-search")).focus();
  }

  let searching = 0;
  async function search() {
    const mine = ++searching;
    try {
      const words = encodeURIComponent(one("#v-filter-search").value);
      const { documents } = await ask(`/documents?search=${words}`);
      if (mine !== searching) return;
      found = documents;
      showFound();
    } catch (error) {
      say(error.message, true);
      one("#v-scope").hidden = false;
    }
  }

  function later(job, wait) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(job, wait);
    };
  }

  function setPanel(isOpen) {
    one("#v-filter").hidden = !isOpen;
    one("#v-choose").setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return one("#v-choose").focus();
    look();
    search();
    return one("#v-filter-author").focus();
  }

  function fill() {
    const names = one("#v-filter-author");
    names.replaceChildren(make("option", { value: "", textContent: "Choose an author…" }),
      ...offered.authors.map(({ name, count: documents }) =>
        make("option", { value: name, textContent: `${name} (${documents})` })));
    names.disabled = !offered.authors.length;
    for (const [name, date] of [["after", offered.first], ["before", offered.last]]) {
      one(`#v-filter-${name}`).placeholder = date || "2024-05";
    }
    const models = one("#v-model");
    models.replaceChildren(...offered.models.map(({ name, label }) =>
      make("option", { value: name, textContent: label })));
    models.value = model || offered.models[0].name;
    one("#v-model-label").hidden = offered.models.length < 2;
    one("#v-choose").hidden = offered.documents === 0;
    showEmpty();
  }

  // It stands on the page of an empty conversation, which comes and goes.
  function showEmpty() {
    const line = one("#v-empty");
    if (line && offered) line.hidden = offered.documents > 0;
  }

  async function look() {
    try {
      offered = await ask("");
      fill();
    } catch (error) {
      say(error.message, true);
      one("#v-scope").hidden = false;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#v-choose")) setPanel(one("#v-filter").hidden);
    else if (event.target.closest("#v-filter-done")) setPanel(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("#v-filter")) return;
    event.stopPropagation();
    setPanel(false);
  }, true);

  const dates = later(changed, 300);
  const searchSoon = later(search, 150);
  document.addEventListener("input", ({ target }) => {
    if (target.id === "v-filter-search") searchSoon();
    if (target.id !== "v-filter-after" && target.id !== "v-filter-before") return;
    where[target.id.slice("v-filter-".length)] = target.value;
    tell(); // at once: the question may come before the chips
    dates();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.id === "v-model") {
      model = target.value === offered.models[0].name ? "" : target.value;
      tell();
    } else if (target.id === "v-filter-author" && target.value) {
      where.authors = [...new Set([...where.authors, target.value])];
      target.value = "";
      changed();
    }
  });

  document.addEventListener("verbatim:library", () => { // other documents, authors and dates
    look();
    if (where.documents.length) restand(plain());
  });
  document.addEventListener("verbatim:cleared", () => setTimeout(showEmpty, 300)); // once it is there
  document.addEventListener("verbatim:filter", ({ detail }) => restand(detail || {}));

  const waiting = new MutationObserver(start);
  function start() {
    if (!one("#v-model") || !one("#v-choices-data") || !one("#v-empty, .v-turn")) return;
    waiting.disconnect();
    look();
  }
  waiting.observe(document.body, { childList: true, subtree: true });
  start();
})();
