// Documents for the source pane as pages: images that the server paints, with quotes marked on them.
(() => {
  const MOST_PAGES = 300; // of a longer file, those around the quote
  const AHEAD = "800px"; // how far from view images are fetched
  const AGAIN_AFTER = 1500; // milliseconds, where the server was busy
  const MOST_TRIES = 4;

  const { make, fetched } = window.verbatimSource;

  // What the server knows of the pages: { pages, marks }, or { refused }.
  async function placesOf(quotes) {
    const response = await fetched("app/source/pages", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Verbatim": "1" },
      body: JSON.stringify({
        document: quotes[0].document,
        spans: quotes.map(({ start, end }) => [start, end]),
      }),
    });
    return response.json();
  }

  // The quotes of each page, by its number: [{ quote, boxes }].
  function byPage(quotes, marks) {
    const found = new Map();
    quotes.forEach((quote, i) => {
      for (const { page, boxes } of marks[i]) {
        if (!found.has(page)) found.set(page, []);
        found.get(page).push({ quote, boxes });
      }
    });
    return found;
  }

  function markAt([left, top, width, height], numbers, isChosen) {
    const mark = make("mark", { className: "v-q v-page-mark" });
    mark.dataset.numbers = numbers.join(" ");
    mark.classList.toggle("v-q-chosen", isChosen);
    const sides = { left, top, width, height };
    for (const [side, share] of Object.entries(sides)) mark.style[side] = `${100 * share}%`;
    return mark;
  }

  // "Page 3 of 10", and "Page iv (6 of 10)" where the file names its pages otherwise.
  function caption(label, number, count, here, chosen) {
    const isPlain = label === String(number);
    const page = isPlain ? `Page ${number} of ${count}` : `Page ${label} (${number} of ${count})`;
    const numbers = here.map(({ quote }) => quote.number);
    if (numbers.includes(chosen)) return `${page}, quote marked`;
    if (!numbers.length) return page;
    return `${page}, ${numbers.length === 1 ? "quote" : "quotes"} ${numbers.join(", ")} marked`;
  }

  // A sheet of paper that has its size before its image comes.
  function sheet(source, number, { label, width, height }, count, here, chosen) {
    const said = caption(label, number, count, here, chosen);
    const image = make("img", { alt: said, draggable: false });
    image.dataset.address = `app/source/${encodeURIComponent(source)}/page/${number}`;
    const paper = make("div", { className: "v-page-paper" }, image);
    paper.style.aspectRatio = `${width} / ${height}`;
    const seen = new Set();
    for (const { quote, boxes } of here) {
      boxes.forEach((box, i) => {
        const mark = markAt(box, [quote.number], quote.number === chosen);
        if (i === 0 && !seen.has(quote.number)) {
          mark.dataset.first = quote.number;
          const words = `Quote ${quote.number}: ${quote.text}`;
          mark.append(make("span", { className: "v-page-words", textContent: words }));
        }
        seen.add(quote.number);
        paper.append(mark);
      });
    }
    const figure = make("figure", { className: "v-page" }, paper,
      make("figcaption", { textContent: said }));
    figure.dataset.page = number;
    return figure;
  }

  // Fetches an image once it is near; one that does not come is tried again, then told.
  function fill(image, tries = 1) {
    const wide = Math.ceil((image.clientWidth || 480) * Math.min(window.devicePixelRatio || 1, 2));
    image.onload = () => image.classList.add("v-there");
    image.onerror = () => {
      if (!image.isConnected) return;
      if (tries < MOST_TRIES) {
        setTimeout(() => image.isConnected && fill(image, tries + 1), AGAIN_AFTER * tries);
        return;
      }
      image.classList.add("v-missing");
    };
    image.src = `${image.dataset.address}?width=${wide}${tries > 1 ? `&again=${tries}` : ""}`;
  }

  function watch(article, body) {
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        fill(target);
      }
    }, { root: body, rootMargin: AHEAD });
    article.querySelectorAll(".v-page img").forEach((image) => watcher.observe(image));
  }

  const kept = { key: "", article: null, found: null }; // the file that is shown as pages

  function draw(text, quotes, chosen, { pages, marks }) {
    const here = byPage(quotes, marks);
    const at = marks[quotes.findIndex(({ number }) => number === chosen)]?.[0]?.page ?? 1;
    const first = Math.max(1, Math.min(at - MOST_PAGES / 2, pages.length - MOST_PAGES + 1));
    const shown = pages.slice(first - 1, first - 1 + MOST_PAGES);
    const article = make("article", { className: "v-source-pages" },
      text.querySelector(".v-source-about").cloneNode(true));
    article.dataset.document = text.dataset.document;
    if (shown.length < pages.length) {
      const last = shown[shown.length - 1].label;
      const range = `Pages ${shown[0].label} to ${last}, of ${pages.length}.`;
      article.append(make("p", { className: "v-source-said", textContent: range }));
    }
    article.append(...shown.map((page, i) => (
      sheet(text.dataset.document, first + i, page, pages.length, here.get(first + i) ?? [], chosen)
    )));
    return article;
  }

  // Marks another quote of the same answer; the images stay.
  function choose(article, quotes, chosen, { pages, marks }) {
    const here = byPage(quotes, marks);
    for (const figure of article.querySelectorAll(".v-page")) {
      const number = Number(figure.dataset.page);
      const { label } = pages[number - 1];
      const said = caption(label, number, pages.length, here.get(number) ?? [], chosen);
      figure.querySelector("figcaption").textContent = said;
      figure.querySelector("img").alt = said;
      for (const mark of figure.querySelectorAll("mark")) {
        mark.classList.toggle("v-q-chosen", Number(mark.dataset.numbers) === chosen);
      }
    }
  }

  // The pages of a document with its quotes marked: { article }, or { refused }.
  async function pagesWith(text, quotes, chosen) {
    const spans = quotes.map(({ number, start, end }) => [number, start, end]);
    const key = JSON.stringify([text.dataset.document, spans]);
    const at = kept.found?.marks[quotes.findIndex(({ number }) => number === chosen)]?.[0]?.page;
    const isThere = at === undefined || kept.article?.querySelector(`[data-page="${at}"]`);
    if (kept.key === key && isThere) {
      choose(kept.article, quotes, chosen, kept.found);
      return { article: kept.article };
    }
    const found = await placesOf(quotes);
    if (found.refused) return found;
    Object.assign(kept, { key, found, article: draw(text, quotes, chosen, found) });
    return { article: kept.article, isNew: true };
  }

  Object.assign(window.verbatimSource, { pagesWith, watchPages: watch });
})();
