// The tabs: arrow keys, what a screen reader is told, and where each tab was scrolled to.
(() => {
  const places = new Map();
  const keys = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  let shown = null;

  const tabs = () => [...document.querySelectorAll("#v-tabs [role=tab]")];
  const isSelected = (tab) => tab.getAttribute("aria-selected") === "true";

  // Once more when the panel has its height: until then the page may be too short for the place.
  function goTo(place) {
    window.scrollTo(0, place);
    setTimeout(() => window.scrollTo(0, place), 120);
  }

  function settle() {
    for (const tab of tabs()) {
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      if (panel) panel.setAttribute("aria-labelledby", tab.id);
      tab.tabIndex = isSelected(tab) ? 0 : -1;
      if (!isSelected(tab) || tab.id === shown) continue;
      if (shown) goTo(places.get(tab.id) || 0);
      shown = tab.id;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#v-tabs [role=tab]")) places.set(shown, window.scrollY);
  }, true); // before the other panel is shown, and the page perhaps too short

  document.addEventListener("keydown", (event) => {
    const all = tabs();
    const place = all.indexOf(event.target);
    if (place < 0 || !(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const wanted = Math.min(Math.max(place + keys[event.key], 0), all.length - 1);
    all[wanted].focus();
    all[wanted].click();
  });

  new MutationObserver(settle).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected"],
  });
  settle();
})();
