// The places of the Library tab: what stands where, before anything is known.
(() => {
  const { COLUMNS, make, button } = window.verbatimLibrary;
  const CLOSED = "verbatim-library-picture-closed";

  function field(label, input, className) {
    return make("label", { class: className }, make("span", { class: "v-hidden", text: label }), input);
  }

  // Fills the section with places; `hooks` are called by their buttons.
  function lay(whole, { reindex: onreindex, stop: onstop, turn }) {
    const choose = make("input", { type: "file", multiple: true, hidden: true });
    const add = button("Add files", () => choose.click(), { class: "v-lib-button v-lib-main", "data-focus": "add" });
    const reindex = button("Bring up to date", onreindex, {
      "data-focus": "reindex", title: "Index again what has changed on disk",
    });
    const search = make("input", {
      type: "search", placeholder: "Search titles, authors, publishers, files", autocomplete: "off", dir: "auto",
    });
    const sort = make("select", {}, ...COLUMNS.map(([value, text]) => make("option", { value, text })),
      make("option", { value: "published down", text: "Date, latest first" }));
    const count = make("p", { class: "v-lib-count" });
    const said = make("p", { class: "v-lib-said", role: "status" });
    const bar = make("progress", { "aria-label": "Change of the documents" });
    const jobText = make("span", {});
    const stop = button("Cancel", onstop, { "data-focus": "stop", title: "Stop after this file; what is done stays", hidden: true });
    const charts = make("div", {});
    const details = make("details", { class: "v-lib-picture", open: !isPictureClosed() },
      make("summary", { text: "Over time and by author" }), charts);
    const before = button("Previous", () => turn(-1), { "data-focus": "before" });
    const after = button("Next", () => turn(1), { "data-focus": "after" });
    const place = make("span", {});
    const parts = {
      whole, choose, add, reindex, search, sort, count, said, bar, jobText, stop, charts, before, after, place,
      picture: details,
      uploads: make("div", { class: "v-lib-sending" }),
      job: make("div", { class: "v-lib-job", hidden: true },
        make("div", { class: "v-lib-line" }, jobText, stop), bar),
      notes: make("ul", { class: "v-lib-notes", role: "list", hidden: true }),
      removed: make("ul", { class: "v-lib-removals", role: "list" }),
      states: make("div", { class: "v-lib-states", role: "group", "aria-label": "Status" }),
      table: make("div", { class: "v-lib-place" }, make("p", { class: "v-lib-empty", text: "Reading the library…" })),
    };
    parts.tools = make("div", { class: "v-lib-tools", hidden: true },
      field("Search documents", search, "v-lib-search"), field("Sort by", sort, "v-lib-by"), parts.states);
    parts.pager = make("nav", { class: "v-lib-pager", "aria-label": "Pages", hidden: true }, before, place, after);
    for (const part of [add, reindex, details]) part.hidden = true;
    whole.replaceChildren(
      make("header", { class: "v-lib-head" }, make("h2", { text: "Library" }), count,
        make("div", { class: "v-lib-buttons" }, reindex, add), choose),
      said, parts.job, parts.uploads, parts.notes, parts.removed, details, parts.tools, parts.table, parts.pager);
    details.addEventListener("toggle", () => rememberPicture(!details.open));
    return parts;
  }

  // Files that are dropped on an element, where they are taken.
  function onDrop(whole, areTaken, take) {
    const hasFiles = (event) => areTaken() && event.dataTransfer?.types.includes("Files");
    const mark = (isOver) => whole.classList.toggle("v-lib-over", isOver);
    whole.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    whole.addEventListener("dragleave", (event) => { if (!whole.contains(event.relatedTarget)) mark(false); });
    whole.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(false);
      take(event.dataTransfer.files);
    });
  }

  function isPictureClosed() {
    try {
      return (localStorage.getItem(CLOSED) ?? String(window.innerWidth < 700)) === "true";
    } catch {
      return window.innerWidth < 700;
    }
  }

  function rememberPicture(isClosed) {
    try {
      localStorage.setItem(CLOSED, String(isClosed));
    } catch {
      // a browser that keeps nothing opens it as it is by itself
    }
  }

  Object.assign(window.verbatimLibrary, { lay, onDrop });
})();
