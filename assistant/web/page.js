// What the page does by itself: copy, count characters, ask anew, and tell what has happened.
(() => {
  const hintText = "Enter to ask, Shift+Enter for a new line";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function scrollTo(element, block) {
    element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
  }

  async function toClipboard(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position: fixed; top: 0; opacity: 0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("The browser refused the clipboard.");
  }

  async function copy(button) {
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    try {
      await toClipboard(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  function count(box) {
    const hint = document.getElementById("v-hint");
    if (!hint) return;
    const limit = Number(hint.dataset.limit);
    const length = Array.from(box.value.trim()).length;
    const over = length > limit;
    hint.classList.toggle("v-over", over);
    hint.textContent = over
      ? `${length.toLocaleString("en")} of ${limit.toLocaleString("en")} characters: too long`
      : hintText;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".v-copy[data-copy]");
    if (button) copy(button);
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("#v-question")) count(event.target);
  });

  // Enter that ends an input method's composition is not meant to ask.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.stopPropagation();
  }, true);

  // Asking again, as it was or in other words, in the place of a turn and of those after it.

  const part = (id, kind) => document.querySelector(`${kind}#${id}, #${id} ${kind}`);

  function askInPlace(turn, question) {
    const box = part("v-again-data", "textarea");
    box.value = JSON.stringify({ turn: turn.dataset.turn, question });
    box.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => part("v-again", "button").click());
  }

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  // What is lost by asking anew: said before it is done.
  function loss(turn) {
    const turns = [...document.querySelectorAll(".v-turn")];
    const later = turns.length - 1 - turns.indexOf(turn);
    if (later === 0) return "Asking replaces this answer.";
    return `Asking replaces this answer and the ${later === 1 ? "one" : later} after it.`;
  }

  function edit(turn) {
    const heading = turn.querySelector(".v-question");
    if (turn.querySelector(".v-editing")) return turn.querySelector(".v-editing textarea").focus();
    const box = make("textarea", { value: heading.textContent, rows: 1, dir: "auto" });
    box.setAttribute("aria-label", "Edit the question");
    const cancel = make("button", { type: "button", className: "v-copy", textContent: "Cancel" });
    const form = make("form", { className: "v-editing" }, box,
      make("div", { className: "v-actions" },
        make("button", { type: "submit", className: "v-copy", textContent: "Ask" }), cancel,
        make("span", { className: "v-note", textContent: loss(turn) })));
    const grow = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight + 2}px`;
    };
    const leave = () => {
      form.remove();
      heading.classList.remove("v-hidden");
      turn.querySelector(".v-edit")?.focus();
    };
    cancel.addEventListener("click", leave);
    box.addEventListener("input", grow);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim()) askInPlace(turn, box.value.trim());
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    heading.classList.add("v-hidden"); // heard still, or the headings below would hang in the air
    heading.after(form);
    grow();
    scrollTo(turn, "start");
    box.focus({ preventScroll: true });
    box.select();
  }

  document.addEventListener("click", (event) => {
    const turn = event.target.closest(".v-turn");
    if (!turn) return;
    if (event.target.closest(".v-again")) askInPlace(turn, turn.querySelector(".v-question").textContent);
    else if (event.target.closest(".v-edit")) edit(turn);
  });

  // A new question goes to the top of the window; after that the reader scrolls. Others are told
  // when an answer is whole, and when the page is empty again.
  let last = "";
  let wasBusy = false;
  let told = "";
  function watch() {
    const turn = document.querySelector("#v-live .v-turn");
    const key = turn ? turn.dataset.turn : "";
    const isBusy = Boolean(turn) && turn.getAttribute("aria-busy") === "true";
    if (turn && (key !== last || (isBusy && !wasBusy))) {
      requestAnimationFrame(() => scrollTo(turn, "start"));
      // What was clicked is gone, and with it the focus.
      if (document.activeElement === document.body) turn.focus({ preventScroll: true });
    }
    if (!turn && last) document.dispatchEvent(new CustomEvent("verbatim:cleared"));
    last = key;
    wasBusy = isBusy;
    const data = turn && turn.querySelector(".v-data");
    const state = data ? `${key} ${data.dataset.saved}` : "";
    if (state && state !== told) {
      document.dispatchEvent(new CustomEvent("verbatim:done", { detail: { turn } }));
    }
    told = state;
  }
  new MutationObserver(watch).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-busy", "data-turn", "data-saved"],
  });
})();
