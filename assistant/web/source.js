// The source pane: a quote of an answer within its whole document.
(() => {
  const {
    make, mark, check, verdicts, articleWith, fetchAhead, setMore, showMore, pagesWith, watchPages,
  } = window.verbatimSource;
  const sheet = window.matchMedia("(max-width: 899.98px)");
  const crowded = window.matchMedia("(max-width: 1499.98px)"); // no room for three columns
  let open = null; // { turn, number, opener }
  let shown = ""; // which quote that is, whatever becomes of its turn
  let parts = null; // the pane's elements, made at the first opening
  let hasEntry = false; // whether the browser's history has an entry for the open sheet
  let isLeaving = false; // whether that entry is being left
  let asPages = false; // whether documents that have pages are shown as such

  // Quotes of a turn, by what its cards say. Turns are drawn anew: no element of one is kept.

  const turnOf = (id) => document.querySelector(`.v-turn[data-turn="${CSS.escape(id)}"]`);
  const nameOf = (quote) => `${quote.document}:${quote.start}-${quote.end}`;

  function quoteOf(card) {
    const { document: source, number, start, end } = card.dataset;
    const text = card.querySelector(".v-quote mark")?.textContent ?? "";
    return { document: source, number: Number(number), start: Number(start), end: Number(end), text };
  }

  function quotesOf(turn) {
    const cards = turn ? [...turn.querySelectorAll(".v-card[data-document][data-number]")] : [];
    return cards.map(quoteOf).sort((a, b) => a.number - b.number);
  }

  function lastTurn() {
    return [...document.querySelectorAll(".v-turn")].filter((turn) => quotesOf(turn).length).pop();
  }

  // The pane.

  function button(name, label, sign, act) {
    const made = make("button", { type: "button", className: `v-source-button ${name}`, title: label },
      make("span", { textContent: sign, ariaHidden: "true" }));
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function build() {
    const pane = document.getElementById("v-source");
    const made = {
      pane,
      previous: button("v-source-previous", "Previous quote", "←", () => step(-1)),
      next: button("v-source-next", "Next quote", "→", () => step(1)),
      count: make("span", { className: "v-source-count", role: "status" }),
      copies: make("div", { className: "v-source-copies" }),
      place: make("p", { className: "v-source-place", role: "status" }),
      warning: make("p", { className: "v-source-warning", role: "status", hidden: true }),
      verdicts: make("div", { className: "v-source-verdicts" }),
      body: make("div", { className: "v-source-body", tabIndex: 0, role: "region" }),
    };
    made.menu = make("details", { className: "v-source-menu", hidden: true },
      make("summary", { textContent: "Copy" }), made.copies);
    made.body.setAttribute("aria-label", "Text of the document");
    made.views = views();
    made.page = make("p", { className: "v-source-page-said", role: "status" });
    made.paging = make("div", { className: "v-source-paging", hidden: true }, made.views, made.page);
    made.body.addEventListener("click", onBodyClick);
    const keys = button("v-source-keys", "Keyboard shortcuts", "?",
      () => document.dispatchEvent(new CustomEvent("verbatim:keys")));
    const leave = button("v-source-close", "Close the source", "✕", close);
    made.sheet = make("div", { className: "v-source-sheet" },
      make("div", { className: "v-source-bar" },
        made.previous, made.count, made.next, made.menu, keys, leave),
      made.warning,
      made.paging,
      made.body,
      make("footer", { className: "v-source-foot" }, made.place, made.verdicts));
    pane.replaceChildren(made.sheet);
    new ResizeObserver(makeRoom).observe(pane);
    return made;
  }

  // Text or pages, for documents that have both.
  function views() {
    const group = make("div", { className: "v-source-views", role: "group" });
    group.setAttribute("aria-label", "Show the document as");
    for (const [name, label] of [["text", "Text"], ["pages", "Pages"]]) {
      const made = make("button", { type: "button", className: "v-source-button", textContent: label });
      made.dataset.view = name;
      made.addEventListener("click", () => {
        asPages = name === "pages";
        if (open) show(open);
      });
      group.append(made);
    }
    return group;
  }

  function setViews(isPaged) {
    parts.paging.hidden = !isPaged;
    for (const each of parts.views.children) {
      each.ariaPressed = String((each.dataset.view === "pages") === (isPaged && asPages));
    }
    const shown = isPaged && asPages ? "Pages" : "Text";
    parts.body.setAttribute("aria-label", `${shown} of the document`);
  }

  function onBodyClick(event) {
    const more = event.target.closest(".v-source-more");
    if (more) {
      showMore(more, parts.body, (article) => {
        const quotes = open ? quotesOf(turnOf(open.turn)) : [];
        const quote = quotes.find((each) => each.number === open.number);
        if (quote) markAll(article, quotes, quote);
      });
      return;
    }
    const clicked = event.target.closest("mark.v-q");
    if (!clicked || !open || !window.getSelection().isCollapsed) return;
    const numbers = clicked.dataset.numbers.split(" ").map(Number);
    if (!numbers.includes(open.number)) show({ ...open, number: numbers[0] });
  }

  // Opens or closes it; what was clicked stays where it is, though the text beside is set anew.
  function setSheet(isOpen, opener) {
    const { pane } = parts;
    const isModal = isOpen && sheet.matches;
    const modal = { role: "dialog", "aria-modal": "true", "aria-label": "Source of the quote" };
    for (const [name, value] of Object.entries(modal)) {
      if (isModal) parts.sheet.setAttribute(name, value);
      else parts.sheet.removeAttribute(name);
    }
    const top = () => opener?.getBoundingClientRect().top;
    const before = top();
    pane.hidden = !isOpen;
    makeRoom();
    if (before !== undefined) window.scrollBy({ top: top() - before, behavior: "instant" });
    if (isModal && !hasEntry) {
      history.pushState({ ...history.state, vSource: true }, "");
      hasEntry = true;
    }
  }

  // Beside the chat, and only while it can be seen: another tab hides it.
  function makeRoom() {
    const isBeside = open !== null && !sheet.matches && parts.pane.getClientRects().length > 0;
    const { classList } = document.documentElement;
    classList.toggle("v-source-open", isBeside);
    classList.toggle("v-source-alone", isBeside && crowded.matches);
  }

  // Shows a quote; `aim` says where the focus goes: to the quote, or it stays.
  async function show(target, aim = "stay") {
    const turn = turnOf(target.turn);
    const quotes = quotesOf(turn);
    const quote = quotes.find((each) => each.number === target.number);
    if (!quote) return;
    if (!parts?.pane.isConnected) parts = build();
    open = target;
    shown = nameOf(quote);
    const isOpen = () => open === target;
    setSheet(true, target.opener);
    parts.count.textContent = `Quote ${quote.number} of ${quotes.length}`;
    // A disabled button that has the focus would swallow the keys.
    parts.previous.ariaDisabled = String(quote === quotes[0]);
    parts.next.ariaDisabled = String(quote === quotes[quotes.length - 1]);
    parts.verdicts.replaceChildren(...verdicts(turn, quote.number));
    point(turn, quote.number);
    check(quote, parts, isOpen);
    const waiting = setTimeout(() => isOpen() && say("Loading the document…"), 150);
    try {
      const article = await articleWith(quote);
      if (!isOpen()) return;
      const isPaged = "paged" in article.dataset;
      setViews(isPaged);
      const here = ofDocument(quotes, quote);
      const pages = isPaged && asPages ? await pagesWith(article, here, quote.number) : null;
      if (!isOpen()) return;
      if (pages?.article) placePages(pages, quote, aim);
      else place(article, quotes, quote, aim, pages?.refused);
    } catch (error) {
      if (isOpen()) say(error.message, "alert");
    } finally {
      clearTimeout(waiting);
    }
  }

  function say(message, role = "status") {
    parts.body.replaceChildren(make("p", { className: "v-source-said", role, textContent: message }));
  }

  const ofDocument = (quotes, quote) => quotes.filter((each) => each.document === quote.document);

  function place(article, quotes, quote, aim, refused = "") {
    if (parts.body.firstChild !== article) parts.body.replaceChildren(article);
    const [first] = markAll(article, quotes, quote);
    parts.page.textContent = refused;
    bringIn(article, first, aim);
  }

  function placePages({ article, isNew }, quote, aim) {
    if (parts.body.firstChild !== article) parts.body.replaceChildren(article);
    if (isNew) watchPages(article, parts.body);
    const first = article.querySelector("mark.v-q-chosen");
    const page = first?.closest(".v-page").querySelector("figcaption").textContent;
    parts.page.textContent = page ?? "The quote is not found on the pages.";
    bringIn(article, first, aim);
  }

  function bringIn(article, first, aim) {
    const { body } = parts;
    if (first) {
      const head = article.querySelector(".v-source-about").offsetHeight; // it stays on top
      const top = first.getBoundingClientRect().top - body.getBoundingClientRect().top;
      body.scrollTop += top - Math.max(body.clientHeight / 4, head + 16);
      first.tabIndex = -1;
    }
    if (aim === "quote") (first ?? body).focus({ preventScroll: true });
  }

  function markAll(article, quotes, quote) {
    const found = mark(article, ofDocument(quotes, quote), quote.number);
    setMore(article);
    return found;
  }

  // The quote whose source is open is pointed at in the answer, too.
  function point(turn, number) {
    const old = document.querySelectorAll(".v-ref[aria-current]");
    old.forEach((marker) => marker.removeAttribute("aria-current"));
    for (const marker of turn?.querySelectorAll(".v-ref") ?? []) {
      if (marker.hash.endsWith(`-quote-${number}`)) marker.setAttribute("aria-current", "true");
    }
  }

  // Opening, moving, closing.

  function step(way, aim = "stay") {
    const quotes = quotesOf(open && turnOf(open.turn));
    const at = quotes.findIndex((each) => each.number === open.number) + way;
    if (quotes[at]) show({ ...open, number: quotes[at].number }, aim);
  }

  function close() {
    if (!open) return;
    const { turn, number, opener } = open;
    open = null;
    setSheet(false, opener);
    point(null);
    if (hasEntry) {
      hasEntry = false;
      isLeaving = true;
      history.back();
    }
    const marker = document.getElementById(`${turn}-ref-${number}`);
    const card = document.getElementById(`${turn}-quote-${number}`);
    const back = opener?.isConnected ? opener : marker ?? card;
    back?.focus({ preventScroll: true });
  }

  function followKey(go) {
    if (go === "close") {
      if (!parts?.menu.open) return close();
      parts.menu.open = false;
      return parts.menu.querySelector("summary").focus();
    }
    const turn = open ? turnOf(open.turn) : lastTurn();
    if (!turn) return;
    const first = { turn: turn.dataset.turn, number: 1, opener: open?.opener ?? null };
    if (typeof go === "number") show({ ...first, number: go }, "quote");
    else if (open) step(go === "next" ? 1 : -1, "quote");
    else if (go === "next") show(first, "quote");
  }

  document.addEventListener("click", (event) => {
    if (parts && !parts.menu.contains(event.target)) parts.menu.open = false;
    const link = event.target.closest?.(".v-ref, .v-number");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const card = link.closest(".v-card") ?? document.getElementById(link.hash.slice(1));
    if (!card?.matches(".v-card[data-document][data-number]")) return;
    if (!document.getElementById("v-source")) return;
    event.preventDefault(); // the page's <base> would make it a reload
    event.stopPropagation();
    const { turn } = card.closest(".v-turn").dataset;
    show({ turn, number: Number(card.dataset.number), opener: link }, "quote");
  }, true);

  // The focus does not leave a sheet that covers the page.
  document.addEventListener("keydown", (event) => {
    if (!open || event.key !== "Tab" || !sheet.matches) return;
    const all = [...parts.pane.querySelectorAll("button, summary, [tabindex='0']")];
    const reachable = all.filter((each) => !each.disabled && each.checkVisibility());
    const ends = [reachable[0], reachable[reachable.length - 1]];
    const [from, to] = event.shiftKey ? ends : ends.reverse();
    const { activeElement } = document;
    if (activeElement !== from && parts.pane.contains(activeElement)) return;
    event.preventDefault();
    to.focus();
  });

  window.addEventListener("popstate", () => {
    if (isLeaving) {
      isLeaving = false;
      return;
    }
    if (!open || !hasEntry) return;
    hasEntry = false;
    close();
  });
  sheet.addEventListener("change", () => open && setSheet(true));

  document.addEventListener("verbatim:done", (event) => {
    const quotes = quotesOf(event.detail.turn);
    fetchAhead(quotes);
    if (!open || open.turn !== event.detail.turn.dataset.turn) return;
    const same = quotes.find((quote) => quote.number === open.number);
    if (!same || nameOf(same) !== shown) close(); // asked anew, or of another conversation
  });
  document.addEventListener("verbatim:cleared", close);
  document.addEventListener("verbatim:quote", (event) => followKey(event.detail.go)); // keys.js
})();
