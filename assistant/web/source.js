// The source pane: a quote of an answer within its whole document.
(() => {
  const MOST_FETCHED_AHEAD = 6;
  const MOST_KEPT = 24;
  const sheet = window.matchMedia("(max-width: 899.98px)");
  const crowded = window.matchMedia("(max-width: 1499.98px)"); // no room for three columns
  const kept = new Map(); // document id -> promise of its article
  let open = null; // { turn, number, opener }
  let parts = null; // the pane's elements, made at the first opening
  let hasEntry = false; // whether the browser's history has an entry for the open sheet

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  function button(name, label, sign, act) {
    const made = make("button", { type: "button", className: `v-source-button ${name}`, title: label },
      make("span", { textContent: sign, ariaHidden: "true" }));
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  // Quotes of a turn, by what its cards say. Turns are drawn anew: no element of one is kept.

  const turnOf = (id) => document.querySelector(`.v-turn[data-turn="${CSS.escape(id)}"]`);

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

  function answerOf(turn) {
    try {
      return JSON.parse(turn.querySelector(".v-data").dataset.saved).answer;
    } catch {
      return null; // still being written, or stopped
    }
  }

  // Documents, kept while the page is open: the text of one never changes.

  async function fetched(address, options) {
    const response = await fetch(address, options);
    if (response.ok) return response;
    const answer = await response.json().catch(() => ({}));
    throw new Error(answer.error || `The server answered with ${response.status}.`);
  }

  async function fragment(address) {
    const holder = make("template");
    holder.innerHTML = await (await fetched(address)).text(); // escaped by the server
    return holder.content.firstElementChild;
  }

  function keep(id, at) {
    const coming = fragment(`app/source/${encodeURIComponent(id)}?at=${at}`);
    kept.delete(id);
    kept.set(id, coming);
    coming.then(
      (article) => { if (article.matches(".v-source-gone")) kept.delete(id); },
      () => kept.delete(id),
    );
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return coming;
  }

  function reach(article) {
    const windows = [...article.querySelectorAll(".v-source-text")];
    return {
      from: Math.min(...windows.map((part) => Number(part.dataset.from))),
      to: Math.max(...windows.map((part) => Number(part.dataset.to))),
    };
  }

  async function articleWith(quote) {
    const article = await (kept.get(quote.document) ?? keep(quote.document, quote.start));
    const { from, to } = reach(article);
    const isThere = quote.start >= from && quote.end <= to;
    if (isThere || !article.matches(".v-source-document")) return article;
    return keep(quote.document, quote.start);
  }

  async function fetchAhead(turn) {
    const firsts = new Map();
    for (const quote of quotesOf(turn)) {
      if (!firsts.has(quote.document)) firsts.set(quote.document, quote);
    }
    for (const quote of [...firsts.values()].slice(0, MOST_FETCHED_AHEAD)) {
      if (!kept.has(quote.document)) await keep(quote.document, quote.start).catch(() => {});
    }
  }

  // The pane.

  function build() {
    const pane = document.getElementById("v-source");
    const made = {
      pane,
      previous: button("v-source-previous", "Previous quote", "←", () => step(-1)),
      next: button("v-source-next", "Next quote", "→", () => step(1)),
      count: make("span", { className: "v-source-count", role: "status" }),
      copies: make("div", { className: "v-source-copies" }),
      check: make("p", { className: "v-source-place", role: "status" }),
      warning: make("p", { className: "v-source-warning", role: "status", hidden: true }),
      verdicts: make("div", { className: "v-source-verdicts" }),
      body: make("div", { className: "v-source-body", tabIndex: 0, role: "region" }),
    };
    made.body.setAttribute("aria-label", "Text of the document");
    made.menu = make("details", { className: "v-source-menu" },
      make("summary", { textContent: "Copy" }), made.copies);
    made.menu.hidden = true;
    const keys = button("v-source-keys", "Keyboard shortcuts", "?",
      () => document.dispatchEvent(new CustomEvent("verbatim:keys")));
    const leave = button("v-source-close", "Close the source", "✕", close);
    pane.setAttribute("aria-label", "Source of the quote");
    pane.replaceChildren(
      make("div", { className: "v-source-bar" },
        made.previous, made.count, made.next, made.menu, keys, leave),
      made.warning,
      made.body,
      make("footer", { className: "v-source-foot" }, made.check, made.verdicts),
    );
    made.body.addEventListener("click", onBodyClick);
    new ResizeObserver(makeRoom).observe(pane);
    return made;
  }

  function onBodyClick(event) {
    const more = event.target.closest(".v-source-more");
    if (more) return showMore(more);
    const mark = event.target.closest("mark.v-q");
    if (!mark || !open || !window.getSelection().isCollapsed) return;
    const numbers = mark.dataset.numbers.split(" ").map(Number);
    if (!numbers.includes(open.number)) show({ ...open, number: numbers[0] });
  }

  // Opens or closes it; what was clicked stays where it is, though the text beside is set anew.
  function setSheet(isOpen, opener) {
    const { pane } = parts;
    const isModal = isOpen && sheet.matches;
    if (isModal) pane.setAttribute("role", "dialog");
    else pane.removeAttribute("role");
    pane.toggleAttribute("aria-modal", isModal);
    if (isModal) pane.setAttribute("aria-modal", "true");
    const place = () => opener?.getBoundingClientRect().top;
    const before = place();
    pane.hidden = !isOpen;
    makeRoom();
    if (before !== undefined) window.scrollBy({ top: place() - before, behavior: "instant" });
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
    setSheet(true, target.opener);
    parts.count.textContent = `Quote ${quote.number} of ${quotes.length}`;
    parts.previous.disabled = quote === quotes[0];
    parts.next.disabled = quote === quotes[quotes.length - 1];
    point(turn, quote.number);
    showVerdicts(turn, quote.number);
    check(quote);
    const waiting = setTimeout(() => open === target && say("Loading the document…"), 150);
    try {
      const article = await articleWith(quote);
      if (open === target) place(article, quotes, quote, aim);
    } catch (error) {
      if (open === target) say(error.message, "alert");
    } finally {
      clearTimeout(waiting);
    }
  }

  function say(message, role = "status") {
    parts.body.replaceChildren(make("p", { className: "v-source-said", role, textContent: message }));
  }

  function place(article, quotes, quote, aim) {
    if (parts.body.firstChild !== article) parts.body.replaceChildren(article);
    const [first] = mark(article, quotes, quote);
    if (!first) {
      if (aim === "quote") parts.body.focus({ preventScroll: true });
      return;
    }
    const { body } = parts;
    const head = article.querySelector(".v-source-about").offsetHeight; // it stays on top
    const top = first.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += top - Math.max(body.clientHeight / 4, head + 16);
    first.tabIndex = -1;
    if (aim === "quote") first.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("verbatim:shown", { detail: { number: quote.number } }));
  }

  function mark(article, quotes, quote) {
    const here = quotes.filter((each) => each.document === quote.document);
    const found = window.verbatimMarks.mark(article, here, quote.number);
    setMore(article);
    return found;
  }

  function setMore(article) {
    article.querySelectorAll(".v-source-more").forEach((each) => each.remove());
    if (!article.matches(".v-source-document")) return;
    const { from, to } = reach(article);
    const texts = article.querySelectorAll(".v-source-text");
    const more = (way) => {
      const made = make("button", { type: "button", className: "v-source-more" });
      made.textContent = way === "before" ? "Show more above" : "Show more below";
      made.dataset.way = way;
      return made;
    };
    if (from > 0) texts[0].before(more("before"));
    if (to < Number(article.dataset.length)) texts[texts.length - 1].after(more("after"));
  }

  async function showMore(clicked) {
    const article = clicked.closest(".v-source-document");
    const isBefore = clicked.dataset.way === "before";
    const { from, to } = reach(article);
    clicked.disabled = true;
    clicked.textContent = "Loading…";
    try {
      const address = `app/source/${article.dataset.document}/`;
      const text = await fragment(address + (isBefore ? `before/${from}` : `after/${to}`));
      const { body } = parts;
      const below = body.scrollHeight - body.scrollTop;
      const last = [...article.querySelectorAll(".v-source-text")].pop();
      if (isBefore) article.querySelector(".v-source-text").before(text);
      else last.after(text);
      if (open) {
        const quotes = quotesOf(turnOf(open.turn));
        const quote = quotes.find((each) => each.number === open.number);
        if (quote) mark(article, quotes, quote);
      }
      if (isBefore) body.scrollTop = body.scrollHeight - below; // what was read stays in place
      body.focus({ preventScroll: true });
    } catch (error) {
      clicked.disabled = false;
      clicked.textContent = `${error.message} Try again`;
    }
  }

  // The quote whose source is open is pointed at in the answer, too.
  function point(turn, number) {
    document.querySelectorAll(".v-ref[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    if (!turn) return;
    for (const marker of turn.querySelectorAll(".v-ref")) {
      if (marker.hash.endsWith(`-quote-${number}`)) marker.setAttribute("aria-current", "true");
    }
  }

  // What was checked of the quote.

  async function check(quote) {
    const target = open;
    parts.menu.open = false;
    parts.menu.hidden = true;
    parts.warning.hidden = true;
    parts.check.classList.remove("v-no");
    parts.check.textContent = "Checking the quote…";
    const { document: source, start, end, text } = quote;
    let found;
    try {
      const response = await fetched("app/source/quote", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Verbatim": "1" },
        body: JSON.stringify({ document: source, start, end, text }),
      });
      found = await response.json();
    } catch (error) {
      found = { verbatim: false, place: `Not checked: ${error.message}`, warning: null, copies: null };
    }
    if (open !== target) return;
    parts.check.textContent = found.place;
    parts.check.classList.toggle("v-no", !found.verbatim);
    parts.warning.hidden = !found.warning;
    parts.warning.textContent = found.warning ?? "";
    setCopies(found.copies);
  }

  function setCopies(copies) {
    const names = { plain: "As text", markdown: "As Markdown", bibtex: "As BibTeX" };
    parts.menu.hidden = !copies;
    parts.copies.replaceChildren(...Object.entries(copies ?? {}).map(([style, text]) => {
      const made = make("button", { type: "button", className: "v-copy", textContent: names[style] });
      made.dataset.copy = text; // page.js copies it
      return made;
    }));
  }

  function showVerdicts(turn, number) {
    const answer = answerOf(turn);
    const statements = (answer?.statements ?? []).filter((each) => each.citations.includes(number));
    parts.verdicts.replaceChildren();
    if (!statements.length) return;
    const one = statements.length === 1;
    parts.verdicts.append(make("details", {},
      make("summary", { textContent: `Cited by ${statements.length} statement${one ? "" : "s"}` }),
      make("ol", { role: "list" }, ...statements.map((each) => verdict(each, answer.details)))));
  }

  function verdict(statement, details) {
    const said = make("p", { dir: "auto", textContent: statement.text });
    const support = make("li", {
      textContent: `Support ${Math.round(100 * statement.support)} %: how well its quotes bear it out`,
    });
    const draft = (details?.drafts ?? []).find((each) => (
      ["shown", "repaired"].includes(each.outcome) && each.text.trim()
      && statement.text.startsWith(each.text.trim())
    ));
    const checks = (draft?.checks ?? []).map((each) => checkLine(each));
    return make("li", {}, said, make("ul", { className: "v-reasons", role: "list" }, support, ...checks));
  }

  function checkLine({ name, passed, reason }) {
    return make("li", { className: passed ? "v-yes" : "v-no" },
      make("span", { textContent: passed ? "✓ " : "✗ ", ariaHidden: "true" }),
      make("span", { className: "v-check", textContent: passed ? name : `${name} failed` }),
      make("bdi", { textContent: ` ${reason}` }));
  }

  // Opening, moving, closing.

  function openAt(card, opener) {
    const turn = card.closest(".v-turn").dataset.turn;
    show({ turn, number: Number(card.dataset.number), opener }, "quote");
  }

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
      history.back();
    }
    const marker = document.getElementById(`${turn}-ref-${number}`);
    const back = opener?.isConnected ? opener : marker ?? document.getElementById(`${turn}-quote-${number}`);
    back?.focus({ preventScroll: sheet.matches === false });
  }

  document.addEventListener("click", (event) => {
    if (parts && !parts.menu.contains(event.target)) parts.menu.open = false;
    const link = event.target.closest?.(".v-ref, .v-number");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const card = document.getElementById(link.hash.slice(1))?.closest(".v-card") ?? link.closest(".v-card");
    const own = link.closest(".v-card") ?? card;
    if (!own?.matches("[data-document][data-number]") || !document.getElementById("v-source")) return;
    event.preventDefault(); // the page's <base> would make it a reload
    event.stopPropagation();
    openAt(own, link);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!open || event.key !== "Tab" || !sheet.matches) return;
    const all = [...parts.pane.querySelectorAll("button, summary, [tabindex='0']")];
    const reachable = all.filter((each) => !each.disabled && each.offsetParent !== null);
    const edge = event.shiftKey ? reachable[0] : reachable[reachable.length - 1];
    const isOutside = !parts.pane.contains(document.activeElement);
    if (document.activeElement !== edge && !isOutside) return;
    event.preventDefault();
    (event.shiftKey ? reachable[reachable.length - 1] : reachable[0]).focus();
  });

  window.addEventListener("popstate", () => {
    if (!open || !hasEntry) return;
    hasEntry = false;
    close();
  });
  sheet.addEventListener("change", () => open && setSheet(true));

  document.addEventListener("verbatim:done", (event) => {
    const turn = event.detail?.turn;
    fetchAhead(typeof turn === "string" ? turnOf(turn) : turn);
  });
  document.addEventListener("verbatim:cleared", () => {
    if (open) open.opener = null;
    close();
  });
  // From keys.js: a number, "next", "previous" or "close".
  document.addEventListener("verbatim:quote", (event) => {
    const { go } = event.detail;
    if (go === "close") {
      if (!parts?.menu.open) return close();
      parts.menu.open = false;
      parts.menu.querySelector("summary").focus();
      return;
    }
    const turn = open ? turnOf(open.turn) : lastTurn();
    if (!turn) return;
    const first = { turn: turn.dataset.turn, number: 1, opener: open?.opener ?? null };
    if (typeof go === "number") show({ ...first, number: go }, "quote");
    else if (open) step(go === "next" ? 1 : -1, "quote");
    else if (go === "next") show(first, "quote");
  });
})();
