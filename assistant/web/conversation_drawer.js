// The list of conversations as a drawer, in windows too small for it beside the chat.
(() => {
  const one = (selector) => document.querySelector(selector);

  const wide = window.matchMedia("(min-width: 1200px)");

  function openDrawer() {
    const nav = one("#v-conversations");
    if (!nav || wide.matches) return;
    nav.classList.add("v-open");
    nav.setAttribute("role", "dialog");
    nav.setAttribute("aria-modal", "true");
    document.documentElement.classList.add("v-drawer-open");
    one("#v-open-conversations")?.setAttribute("aria-expanded", "true");
    nav.querySelector(".v-conv-new").focus();
  }

  function close() {
    const nav = one("#v-conversations");
    if (!nav || !nav.classList.contains("v-open")) return;
    nav.classList.remove("v-open");
    nav.setAttribute("role", "navigation");
    nav.removeAttribute("aria-modal");
    document.documentElement.classList.remove("v-drawer-open");
    const button = one("#v-open-conversations");
    button?.setAttribute("aria-expanded", "false");
    (button?.matches("button") ? button : button?.querySelector("button"))?.focus();
  }

  function trap(event) {
    const nav = one("#v-conversations.v-open");
    if (!nav) return;
    if (event.key === "Escape") {
      close();
    } else if (event.key === "Tab") {
      const stops = [...nav.querySelectorAll("button, input:not([hidden])")]
        .filter((each) => each.offsetParent !== null);
      const place = stops.indexOf(document.activeElement);
      const next = event.shiftKey ? place - 1 : place + 1;
      if (place >= 0 && next >= 0 && next < stops.length) return;
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  }

  document.addEventListener("keydown", trap);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#v-open-conversations")) openDrawer();
  });
  document.addEventListener("click", (event) => {
    if (!one("#v-conversations.v-open") || event.target.closest("#v-conversations")) return;
    event.preventDefault(); // it only closes the drawer
    event.stopPropagation();
    close();
  }, true);
  wide.addEventListener("change", close);

  window.verbatimDrawer = Object.freeze({ close });
})();
