// What the source pane tells of a quote: whether it is verbatim, what cites it, its references.
(() => {
  const STYLES = { plain: "As text", markdown: "As Markdown", bibtex: "As BibTeX" };

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  async function asked({ document: source, start, end, text }) {
    try {
      const response = await window.verbatimSource.fetched("app/source/quote", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Verbatim": "1" },
        body: JSON.stringify({ document: source, start, end, text }),
      });
      return await response.json();
    } catch (error) {
      return { verbatim: false, place: `Not checked: ${error.message}`, warning: null, copies: null };
    }
  }

  // Has a quote compared again, and shows what came of it unless another one is open by then.
  async function check(quote, { place, warning, menu, copies }, isOpen) {
    menu.open = false;
    menu.hidden = true;
    warning.hidden = true;
    place.classList.remove("v-no");
    place.textContent = "Checking the quote…";
    const found = await asked(quote);
    if (!isOpen()) return;
    place.textContent = found.place;
    place.classList.toggle("v-no", !found.verbatim);
    warning.hidden = !found.warning;
    warning.textContent = found.warning ?? "";
    menu.hidden = !found.copies;
    copies.replaceChildren(...Object.entries(found.copies ?? {}).map(([style, text]) => {
      const made = make("button", { type: "button", className: "v-copy", textContent: STYLES[style] });
      made.dataset.copy = text; // page.js copies it
      return made;
    }));
  }

  function answerOf(turn) {
    try {
      return JSON.parse(turn.querySelector(".v-data").dataset.saved).answer;
    } catch {
      return null; // still being written, or stopped
    }
  }

  // The statements of a turn that cite a quote, with their checks.
  function verdicts(turn, number) {
    const answer = answerOf(turn);
    const citing = (answer?.statements ?? []).filter((each) => each.citations.includes(number));
    if (!citing.length) return [];
    const label = `Cited by ${citing.length} statement${citing.length === 1 ? "" : "s"}`;
    return [make("details", {},
      make("summary", { textContent: label }),
      make("ol", { role: "list" }, ...citing.map((each) => verdict(each, answer.details))))];
  }

  function verdict(statement, details) {
    const support = Math.round(100 * statement.support);
    return make("li", {},
      make("p", { dir: "auto", textContent: statement.text }),
      make("ul", { className: "v-reasons", role: "list" },
        make("li", { textContent: `Support ${support} %: how well its quotes bear it out` }),
        ...(draftOf(statement, details)?.checks ?? []).map(checkLine)));
  }

  const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  // What the model wrote; in the statement quotation marks may be others, and sources follow it.
  function draftOf(statement, details) {
    const stated = letters(statement.text);
    return (details?.drafts ?? []).find(({ outcome, text }) => (
      ["shown", "repaired"].includes(outcome) && letters(text) && stated.startsWith(letters(text))
    ));
  }

  function checkLine({ name, passed, reason }) {
    return make("li", { className: passed ? "v-yes" : "v-no" },
      make("span", { textContent: passed ? "✓ " : "✗ ", ariaHidden: "true" }),
      make("span", { className: "v-check", textContent: passed ? name : `${name} failed` }),
      make("bdi", { textContent: ` ${reason}` }));
  }

  Object.assign(window.verbatimSource ??= {}, { make, check, verdicts });
})();
