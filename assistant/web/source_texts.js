// Documents for the source pane, kept while the page is open: the text of one never changes.
(() => {
  const MOST_FETCHED_AHEAD = 6;
  const MOST_KEPT = 24;
  const kept = new Map(); // document id -> promise of its article

  async function fetched(address, options) {
    const response = await fetch(address, options);
    if (response.ok) return response;
    const answer = await response.json().catch(() => ({}));
    throw new Error(answer.error || `The server answered with ${response.status}.`);
  }

  async function fragment(address) {
    const holder = document.createElement("template");
    holder.innerHTML = await (await fetched(address)).text(); // escaped by the server
    return holder.content.firstElementChild;
  }

  function keep(id, at) {
    const coming = fragment(`app/source/${encodeURIComponent(id)}?at=${at}`);
    const forget = () => kept.get(id) === coming && kept.delete(id);
    kept.delete(id);
    kept.set(id, coming);
    coming.then((article) => isThere(article) || forget(), forget);
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return coming;
  }

  // Whether it is a document, and not a note that there is none.
  const isThere = (article) => article.matches(".v-source-document");

  // Which part of the document has come.
  function reach(article) {
    const windows = [...article.querySelectorAll(".v-source-text")];
    return {
      from: Math.min(...windows.map((part) => Number(part.dataset.from))),
      to: Math.max(...windows.map((part) => Number(part.dataset.to))),
    };
  }

  // The document of a quote, as far as it has come, or anew around the quote.
  async function articleWith(quote) {
    const article = await (kept.get(quote.document) ?? keep(quote.document, quote.start));
    if (!isThere(article)) return article;
    const { from, to } = reach(article);
    const isShown = quote.start >= from && quote.end <= to;
    return isShown ? article : keep(quote.document, quote.start);
  }

  async function fetchAhead(quotes) {
    const firsts = new Map();
    for (const quote of quotes) if (!firsts.has(quote.document)) firsts.set(quote.document, quote);
    for (const quote of [...firsts.values()].slice(0, MOST_FETCHED_AHEAD)) {
      if (!kept.has(quote.document)) await keep(quote.document, quote.start).catch(() => {});
    }
  }

  function moreButton(way) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "v-source-more";
    made.textContent = way === "before" ? "Show more above" : "Show more below";
    made.dataset.way = way;
    return made;
  }

  // Buttons for more text, where there is more.
  function setMore(article) {
    article.querySelectorAll(".v-source-more").forEach((each) => each.remove());
    if (!isThere(article)) return;
    const { from, to } = reach(article);
    const texts = article.querySelectorAll(".v-source-text");
    if (from > 0) texts[0].before(moreButton("before"));
    if (to < Number(article.dataset.length)) texts[texts.length - 1].after(moreButton("after"));
  }

  // Puts in the text that a button promises; what is read stays where it is in `body`.
  async function showMore(clicked, body, whenThere) {
    const article = clicked.closest(".v-source-document");
    const isBefore = clicked.dataset.way === "before";
    const { from, to } = reach(article);
    clicked.disabled = true;
    clicked.textContent = "Loading…";
    let text;
    try {
      const part = isBefore ? `before/${from}` : `after/${to}`;
      text = await fragment(`app/source/${article.dataset.document}/${part}`);
    } catch (error) {
      clicked.disabled = false;
      clicked.textContent = `${error.message} Try again`;
      return;
    }
    const below = body.scrollHeight - body.scrollTop;
    const texts = article.querySelectorAll(".v-source-text");
    if (isBefore) texts[0].before(text);
    else texts[texts.length - 1].after(text);
    whenThere(article);
    if (isBefore) body.scrollTop = body.scrollHeight - below;
    body.focus({ preventScroll: true });
  }

  Object.assign(window.verbatimSource ??= {}, { fetched, articleWith, fetchAhead, setMore, showMore });
})();
