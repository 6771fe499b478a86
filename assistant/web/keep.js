// What can be kept of an answer: it is exported, or somebody says what they think of it.
(() => {
  const FORMS = { markdown: "Markdown", html: "Web page", bundle: "Evidence bundle" };
  const GIVEN = "verbatim-feedback";
  const MOST_REMEMBERED = 300;
  const THUMB = "M4 10h3v9H4zM9 19h7.5c.8 0 1.5-.5 1.7-1.3l1.7-6c.3-1.2-.5-2.2-1.7-2.2H14l.8-3.6c" +
    ".2-1.2-.6-2.2-1.6-2.2L9 10z";

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  function button(label, run) {
    const made = make("button", { type: "button", className: "v-keep-button", textContent: label });
    made.addEventListener("click", run);
    return made;
  }

  async function asked(path, method = "GET", body = undefined) {
    let response;
    try {
      response = await fetch(`app/keep${path}`, {
        method,
        cache: "no-store",
        headers: { "X-Verbatim": "1", ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Error("The server could not be reached. Try again.");
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const error = new Error(answer.error || `The server answered with ${response.status}.`);
    throw Object.assign(error, { status: response.status });
  }

  const savedOf = (turn) => JSON.parse(turn.querySelector(".v-data").dataset.saved);
  const turnOf = (element) => element.closest(".v-turn");

  function say(turn, text, isError = false) {
    const line = turn.querySelector(".v-keep-said");
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("v-keep-failed", isError);
  }

  // Export.

  async function save(turn, form, turns) {
    say(turn, "Comparing the quotes with the documents…");
    try {
      const file = await asked("/export", "POST", { form, turns });
      const address = URL.createObjectURL(new Blob([file.text], { type: file.type }));
      make("a", { href: address, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      const left = file.left_out;
      const lack = `${left} sentence${left === 1 ? " is" : "s are"} left out, for the documents have changed.`;
      say(turn, `Saved as ${file.name}.${left ? ` ${lack}` : ""}`);
    } catch (error) {
      say(turn, error.message, true);
    }
  }

  function choices(turn, label, turns) {
    const id = `v-keep-${turn.dataset.turn}-${turns.length > 1 ? "all" : "one"}`;
    const group = make("div", { className: "v-keep-group" }, make("p", { id, textContent: label }));
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", id);
    group.append(...Object.entries(FORMS).map(([form, name]) => button(name, () => {
      const menu = group.closest("details");
      menu.open = false;
      menu.querySelector("summary").focus();
      save(turn, form, turns);
    })));
    return group;
  }

  function exportMenu(turn) {
    const list = make("div", { className: "v-keep-list" });
    const menu = make("details", { className: "v-keep-menu" },
      make("summary", { className: "v-keep-button", textContent: "Export" }), list);
    menu.addEventListener("toggle", () => {
      if (!menu.open) return list.replaceChildren();
      const all = [...document.querySelectorAll(".v-turn")].filter((each) => each.querySelector(".v-data"));
      list.replaceChildren(choices(turn, "This answer", [savedOf(turn)]));
      if (all.length > 1) list.append(choices(turn, `All ${all.length} answers`, all.map(savedOf)));
      place(list);
    });
    return menu;
  }

  // Within the window, on the side of the button with more room between bar and question box.
  function place(list) {
    list.classList.remove("v-up");
    list.style.cssText = "";
    const own = list.getBoundingClientRect();
    const at = list.parentElement.getBoundingClientRect();
    const bar = document.querySelector("#v-tabs .tab-wrapper")?.getBoundingClientRect().bottom ?? 0;
    const box = document.querySelector("#v-composer")?.getBoundingClientRect().top ?? Infinity;
    const below = Math.min(box, window.innerHeight) - at.bottom - 12;
    const above = at.top - Math.max(bar, 0) - 12;
    list.classList.toggle("v-up", own.height > below && above > below);
    const over = Math.max(0, own.right - document.documentElement.clientWidth + 8);
    list.style.maxHeight = `${Math.max(above, below, 120)}px`;
    list.style.translate = `${own.left - over < 8 ? 8 - own.left : -over}px 0`;
  }

  function closeMenus(except = null) {
    for (const menu of document.querySelectorAll(".v-keep-menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  // Feedback. The browser remembers under which id it was given; the server has the rest.

  let remembered = null;

  function given() {
    if (remembered) return remembered;
    try {
      remembered = new Map(Object.entries(JSON.parse(localStorage.getItem(GIVEN)) ?? {}));
    } catch {
      remembered = new Map();
    }
    return remembered;
  }

  function remember(key, value) {
    const all = given();
    all.delete(key);
    if (value) all.set(key, value);
    for (const oldest of all.keys()) if (all.size > MOST_REMEMBERED) all.delete(oldest);
    try {
      localStorage.setItem(GIVEN, JSON.stringify(Object.fromEntries(all)));
    } catch { /* then only until the page is closed */ }
  }

  // The same for the same answer, whenever it is shown again.
  function keyOf(turn) {
    const { question, text } = savedOf(turn).answer;
    let [one, other] = [0xdeadbeef, 0x41c6ce57];
    for (const character of `${question}\n${text}`) {
      const code = character.codePointAt(0);
      one = Math.imul(one ^ code, 2654435761);
      other = Math.imul(other ^ code, 1597334677);
    }
    return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function give(turn, verdict, comment) {
    const key = keyOf(turn);
    let id = given().get(key)?.id ?? newId();
    const body = { verdict, comment, turn: savedOf(turn) };
    try {
      await asked(`/feedback/${id}`, "POST", body);
    } catch (error) {
      if (error.status !== 404) throw error;
      id = newId(); // somebody else gave it in this browser
      await asked(`/feedback/${id}`, "POST", body);
    }
    remember(key, { id, verdict });
  }

  async function withdraw(turn) {
    const key = keyOf(turn);
    const known = given().get(key);
    if (known) await asked(`/feedback/${known.id}`, "DELETE");
    remember(key, null);
  }

  function show(turn) {
    const verdict = given().get(keyOf(turn))?.verdict ?? "";
    for (const each of turn.querySelectorAll(".v-thumb")) {
      each.setAttribute("aria-pressed", String(each.dataset.verdict === verdict));
    }
  }

  // Runs one change at a time; the buttons stay as they are until it is done.
  async function change(turn, run, done) {
    if (turn.dataset.changing) return false;
    turn.dataset.changing = "yes";
    try {
      await run();
      say(turn, done);
      return true;
    } catch (error) {
      say(turn, error.message, true);
      return false;
    } finally {
      delete turn.dataset.changing;
      show(turn);
    }
  }

  async function press(turn, verdict) {
    const before = given().get(keyOf(turn))?.verdict;
    const form = turn.querySelector(".v-keep-form");
    if (before === verdict && !form) return openForm(turn, verdict);
    if (before === verdict) return takeBack(turn);
    const comment = form?.querySelector("textarea").value ?? (before ? await commentOf(turn) : "");
    if (await change(turn, () => give(turn, verdict, comment), "Thank you.")) openForm(turn, verdict, comment);
  }

  async function takeBack(turn) {
    if (!await change(turn, () => withdraw(turn), "Withdrawn.")) return;
    turn.querySelector(".v-keep-form")?.remove();
    turn.querySelector(".v-thumb").focus();
  }

  async function commentOf(turn) {
    const known = given().get(keyOf(turn));
    if (!known) return "";
    try {
      return (await asked(`/feedback/${known.id}`)).comment;
    } catch {
      return "";
    }
  }

  async function openForm(turn, verdict, comment = undefined) {
    const text = comment ?? await commentOf(turn);
    turn.querySelector(".v-keep-form")?.remove();
    const id = `v-keep-comment-${turn.dataset.turn}`;
    const box = make("textarea", { id, rows: 2, maxLength: offered.longest_comment, value: text, dir: "auto" });
    const form = make("form", { className: "v-keep-form" },
      make("label", { htmlFor: id, textContent: verdict === "up" ? "What is good about it?" : "What is wrong with it?" }),
      box,
      make("p", {
        className: "v-keep-who",
        textContent: "Kept with question and answer, and read by those who run this server.",
      }),
      make("div", { className: "v-keep-row" },
        make("button", { type: "submit", className: "v-keep-button", textContent: "Send" }),
        button("Close", () => leave(turn)),
        button("Withdraw", () => takeBack(turn))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const send = () => give(turn, verdict, box.value.trim());
      if (await change(turn, send, "Thank you, your comment is kept.")) leave(turn);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the source pane stays open
      leave(turn);
    });
    turn.querySelector(".v-actions").after(form);
    box.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  function leave(turn) {
    turn.querySelector(".v-keep-form")?.remove();
    turn.querySelector(".v-thumb[aria-pressed=true]")?.focus();
  }

  function thumb(turn, verdict, label) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    path.setAttribute("d", THUMB);
    picture.append(path);
    const made = button("", () => press(turn, verdict));
    made.classList.add("v-thumb");
    made.dataset.verdict = verdict;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.append(picture);
    return made;
  }

  // The page is written anew in places: whatever is empty is filled.

  let offered = null;

  function fill() {
    if (!offered) return;
    for (const place of document.querySelectorAll(".v-keep:empty")) {
      const turn = turnOf(place);
      if (!turn?.querySelector(".v-data")) continue;
      place.append(exportMenu(turn));
      if (offered.feedback) place.append(thumb(turn, "up", "Good answer"), thumb(turn, "down", "Not a good answer"));
      const said = make("span", { className: "v-keep-said" });
      said.setAttribute("role", "status");
      place.append(said);
      show(turn);
    }
  }

  document.addEventListener("click", (event) => closeMenus(event.target.closest(".v-keep-menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".v-keep-menu[open]");
    if (!menu) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  }, true);

  new MutationObserver(fill).observe(document.body, { childList: true, subtree: true });
  asked("").then((found) => { offered = found; fill(); }, () => {
    offered = { feedback: false, longest_comment: 0 };
    fill();
  });
})();
