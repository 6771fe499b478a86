// What the page does by itself: follow markers to their cards, copy, count characters.
(() => {
  const hintText = "Enter to ask, Shift+Enter for a new line";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function scrollTo(element, block) {
    element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
  }

  function follow(event, link) {
    const target = document.getElementById(link.hash.slice(1));
    event.preventDefault(); // the page's <base> would make it a reload
    if (!target) return;
    scrollTo(target, "center");
    target.focus({ preventScroll: true });
    target.classList.remove("v-flash");
    void target.offsetWidth; // lets the animation start again
    target.classList.add("v-flash");
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
    const link = event.target.closest(".v-ref, .v-number");
    if (link) return follow(event, link);
    const button = event.target.closest(".v-copy");
    if (button) copy(button);
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("#v-question")) count(event.target);
  });

  // Enter that ends an input method's composition is not meant to ask.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.stopPropagation();
  }, true);

  // A new question goes to the top of the window; after that the reader scrolls.
  let last = "";
  new MutationObserver(() => {
    const turn = document.querySelector("#v-live .v-turn");
    const key = turn ? turn.dataset.turn : "";
    if (turn && key !== last) requestAnimationFrame(() => scrollTo(turn, "start"));
    if (key !== last) last = key;
  }).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-turn"],
  });
})();
