// Marks ranges of a document that stands on the page in elements with data-start and data-end.
// These count code points of the document's text; the browser counts UTF-16 units.
(() => {
  const inside = (span, from, to) => span.start < to && span.end > from;

  function textNodes(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  // Where each code point begins; null where both counts are the same.
  function unitsOf(text, length) {
    if (text.length === length) return null;
    const units = [0];
    for (const character of text) units.push(units[units.length - 1] + character.length);
    return units;
  }

  function piece(text, numbers) {
    if (!numbers.length) return document.createTextNode(text);
    const mark = document.createElement("mark");
    mark.className = "v-q";
    mark.dataset.numbers = numbers.join(" ");
    mark.textContent = text;
    return mark;
  }

  function markNode(node, offset, spans) {
    const text = node.data;
    const near = spans.filter((span) => inside(span, offset, offset + text.length));
    if (!near.length) return;
    const cuts = new Set([0, text.length]);
    for (const span of near) {
      for (const cut of [span.start - offset, span.end - offset]) {
        if (cut > 0 && cut < text.length) cuts.add(cut);
      }
    }
    const places = [...cuts].sort((a, b) => a - b);
    const parts = places.slice(1).map((to, i) => {
      const from = places[i];
      const over = near.filter((span) => inside(span, offset + from, offset + to));
      return piece(text.slice(from, to), over.map((span) => span.number));
    });
    node.replaceWith(...parts);
  }

  function markElement(element, quotes) {
    const start = Number(element.dataset.start);
    const end = Number(element.dataset.end);
    const near = quotes.filter((quote) => inside(quote, start, end));
    if (!near.length) return;
    const units = unitsOf(element.textContent, end - start);
    const at = (place) => {
      const point = Math.min(Math.max(place, start), end) - start;
      return units ? units[point] : point;
    };
    const spans = near.map((quote) => (
      { number: quote.number, start: at(quote.start), end: at(quote.end) }
    ));
    let offset = 0;
    for (const node of textNodes(element)) {
      const { length } = node.data;
      markNode(node, offset, spans);
      offset += length;
    }
  }

  function unmark(root) {
    const parents = new Set();
    for (const mark of root.querySelectorAll("mark.v-q")) {
      parents.add(mark.parentNode);
      mark.replaceWith(...mark.childNodes);
    }
    for (const parent of parents) parent.normalize();
  }

  // Marks quotes ({number, start, end}) and gives back the marks of the chosen one, in order.
  function mark(root, quotes, chosen) {
    unmark(root);
    for (const element of root.querySelectorAll("[data-start]")) markElement(element, quotes);
    const seen = new Set();
    const found = [];
    for (const each of root.querySelectorAll("mark.v-q")) {
      const numbers = each.dataset.numbers.split(" ").map(Number);
      const first = numbers.filter((number) => !seen.has(number));
      first.forEach((number) => seen.add(number));
      if (first.length) each.dataset.first = first.join(" ");
      if (numbers.includes(chosen)) found.push(each);
    }
    found.forEach((each) => each.classList.add("v-q-chosen"));
    return found;
  }

  (window.verbatimSource ??= {}).mark = mark;
})();
