// What the report does by itself: filter, sort, step through what is wrong, change the colors.
// It reads attributes and text of the page and writes no HTML.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const list = byId("~list");
  const cases = [...list.children];
  const form = byId("~filters");
  const fields = form.elements;
  const places = new Map(cases.map((item, place) => [item, place]));
  const texts = new Map();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const names = new Intl.Collator("en", { numeric: true });
  const SEARCHED = ".id, .asked, .history, .answer, .declined, .alarm, .source, blockquote,"
    + " .foot bdi, .wanted, .why";
  let last = null;

  // Filters.

  function textOf(item) {
    if (!texts.has(item)) {
      const parts = [...item.querySelectorAll(SEARCHED)].map((part) => part.textContent);
      texts.set(item, parts.join("\n").toLowerCase());
    }
    return texts.get(item);
  }

  function isBeyond(item, index, word, limit) {
    const value = item.dataset.values.split(",")[index];
    if (value === "") return false;
    return word === "above" ? Number(value) > limit : Number(value) < limit;
  }

  function fits(item, wanted) {
    const { words, verdict, category, metric, word, limit } = wanted;
    return (!verdict || item.dataset.is.split(" ").includes(verdict))
      && (!category || item.dataset.category === category)
      && (metric === "" || isBeyond(item, Number(metric), word, limit))
      && words.every((part) => textOf(item).includes(part));
  }

  function shown() {
    return [...list.children].filter((item) => !item.hidden);
  }

  function filter() {
    const option = fields.metric.selectedOptions[0];
    const word = option.dataset.word || "below";
    const wanted = {
      words: fields.words.value.toLowerCase().split(/\s+/).filter(Boolean),
      verdict: fields.verdict.value,
      category: fields.category.value,
      metric: fields.metric.value,
      word,
      limit: Number(fields.limit.value),
    };
    byId("~word").textContent = word;
    fields.limit.disabled = wanted.metric === "";
    let count = 0;
    for (const item of cases) {
      const isShown = fits(item, wanted);
      item.hidden = !isShown;
      if (isShown) count += 1;
    }
    say(`${count.toLocaleString("en")} of ${cases.length.toLocaleString("en")} cases`);
    byId("~none").hidden = count > 0;
    nameOpener();
  }

  function say(words) {
    byId("~count").textContent = words;
  }

  function sort() {
    const order = {
      "": (a, b) => places.get(a) - places.get(b),
      id: (a, b) => names.compare(a.id, b.id),
      worst: (a, b) => a.dataset.rank - b.dataset.rank,
    }[fields.order.value];
    list.append(...[...cases].sort(order));
  }

  function reset() {
    const { keys, order } = fields;
    const kept = [keys.checked, order.value];
    form.reset();
    [keys.checked, order.value] = kept;
    filter();
  }

  let timer = 0;
  form.addEventListener("input", (event) => {
    if (event.target === fields.order) sort();
    if (event.target === fields.metric) {
      fields.limit.value = fields.metric.selectedOptions[0].dataset.word === "above" ? 0 : 1;
    }
    clearTimeout(timer);
    timer = setTimeout(filter, event.target === fields.words ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  // Cases: opening, links to one, steps from one wrong case to the next.

  function nameOpener() {
    const all = shown();
    const button = form.querySelector("[data-open]");
    button.dataset.open = all.length && all.every((item) => item.open) ? "close" : "open";
    button.textContent = button.dataset.open === "close" ? "Close all" : "Open all";
  }

  function openAll() {
    const isOpen = form.querySelector("[data-open]").dataset.open !== "close";
    for (const item of shown()) item.open = isOpen;
    nameOpener();
  }

  function goTo(item) {
    item.open = true;
    last = item;
    item.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
  }

  function step(direction) {
    const order = shown();
    const wrong = order.filter((item) => "bad" in item.dataset);
    if (!wrong.length) return say("No wrong case among those shown");
    const here = order.indexOf(last);
    const ahead = direction > 0 ? order.slice(here + 1) : order.slice(0, Math.max(here, 0)).reverse();
    const first = direction > 0 ? wrong[0] : wrong.at(-1);
    const next = ahead.find((item) => "bad" in item.dataset) || first;
    goTo(next);
    say(`Wrong case ${wrong.indexOf(next) + 1} of ${wrong.length}`);
  }

  function target() {
    const raw = location.hash.slice(1);
    let decoded = raw;
    try {
      decoded = decodeURIComponent(raw);
    } catch {
      // Not an encoded id: taken as it is.
    }
    return raw ? byId(raw) || byId(decoded) : null;
  }

  function follow() {
    const found = target();
    const item = found && found.closest(".case");
    if (!item) return;
    if (item.hidden) reset();
    if (found === item) return goTo(item);
    item.open = true;
    found.scrollIntoView({ block: "nearest" });
    if (found.tabIndex >= -1) found.focus({ preventScroll: true });
    found.classList.remove("flash");
    void found.offsetWidth; // lets the animation start again
    found.classList.add("flash");
  }

  list.addEventListener("focusin", (event) => {
    last = event.target.closest(".case");
  });
  addEventListener("hashchange", follow);

  // Clicks and keys.

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#'], button");
    if (!link) return;
    if ("filter" in link.dataset) {
      reset();
      fields.verdict.value = link.dataset.filter;
      filter();
    } else if ("reset" in link.dataset) {
      reset();
      fields.words.focus();
    } else if ("open" in link.dataset) {
      openAll();
    } else if ("step" in link.dataset) {
      step(Number(link.dataset.step));
    } else if (link.hash && link.hash === location.hash) {
      follow(); // the hash does not change, and there is no event
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !fields.keys.checked) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });

  // Colors.

  const theme = byId("~theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : dark.matches;
  }

  function nameTheme() {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", `${theme.textContent} colors`);
  }

  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  dark.addEventListener("change", nameTheme);

  theme.hidden = false;
  form.hidden = false;
  let naming = 0;
  list.addEventListener("toggle", () => {
    clearTimeout(naming); // once, however many open at a time
    naming = setTimeout(nameOpener, 50);
  }, true);
  nameTheme();
  reset();
  follow();
})();
