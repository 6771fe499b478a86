// The conversation on the page is kept after each answer, and comes back after a reload.
// `saved` data comes from `.v-data` of an answered turn; the server checks it when it comes back.
(() => {
  const UNDO_MS = 10_000;
  const HERE = "verbatim-conversation"; // in sessionStorage: the conversation of this tab
  const CHOSEN = /^[0-9a-f]{32}$/;

  let store = null;
  let hasStore; // called once it is open
  const opened = new Promise((resolve) => { hasStore = resolve; });
  let list = null;
  let current = null;
  let isRestoring = false;
  let searched = "";
  let unsaved = []; // what could not be kept yet: nothing of it is lost while the tab is open
  let saving = Promise.resolve();
  const keptAs = new Map(); // turn on the page -> { id it is kept under, its data }
  const removed = new Map(); // id -> { item, timer }
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("verbatim") : null;

  const one = (selector) => document.querySelector(selector);
  const { close } = window.verbatimDrawer;
  const turnsOnPage = () => [...document.querySelectorAll(".v-turn[data-turn]")];
  const dataOf = (turn) => turn.querySelector(".v-data[data-saved]")?.dataset.saved || null;
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  const isAnswering = () => Boolean(one(".v-turn[aria-busy=true]"));
  const randomId = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function titleOf(question) {
    const words = question.trim().replace(/\s+/g, " ");
    const letters = [...words];
    if (letters.length <= 80) return words || "Untitled";
    return `${letters.slice(0, 80).join("").replace(/\s+\S*$/, "")} …`;
  }

  function remember(id) {
    current = id;
    try {
      if (id) sessionStorage.setItem(HERE, id);
      else sessionStorage.removeItem(HERE);
    } catch { /* it is not remembered over a reload: the list still has it */ }
  }

  function remembered() {
    try { return sessionStorage.getItem(HERE); } catch { return null; }
  }

  function tell(kind, id) {
    if (channel) channel.postMessage({ kind, id });
  }

  async function refresh() {
    const items = await store.list(searched);
    const known = new Set(items.map((item) => item.id));
    for (const [id, { item }] of removed) if (!known.has(id)) items.push(item);
    items.sort((a, b) => b.changed - a.changed);
    list.show(items, current, removed, searched.trim() !== "");
  }

  async function attempt(job) {
    try {
      return await job();
    } catch (error) {
      list.say(error.message, true);
      return undefined;
    }
  }

  // Keeping what was answered.

  function onDone(event) {
    if (!store || isRestoring) return;
    const told = event.detail && event.detail.turn;
    const name = told && told.dataset ? told.dataset.turn : told;
    const turn = turnsOnPage().find((each) => each.dataset.turn === name);
    const before = keptAs.get(name);
    if (!turn || !dataOf(turn) || (before && before.data === dataOf(turn))) return;
    const drop = []; // it was asked anew: it takes the place of the old one and those after it
    for (const [other, { id }] of keptAs) {
      if (Number(other.slice(1)) < Number(name.slice(1))) continue;
      drop.push(id);
      keptAs.delete(other);
    }
    keepTurns(drop);
  }

  // Whatever is on the page and not kept: mostly the last turn.
  function keepTurns(drop = []) {
    const turns = [];
    for (const each of turnsOnPage()) {
      const data = dataOf(each);
      if (!data || keptAs.has(each.dataset.turn)) continue;
      const id = randomId();
      keptAs.set(each.dataset.turn, { id, data });
      turns.push({ id, saved: JSON.parse(data) });
    }
    if (!turns.length) return;
    if (!current) remember(randomId());
    const title = titleOf(turns[0].saved.answer.question);
    unsaved.push({ conversation: current, title, turns, drop });
    keep();
  }

  function keep() {
    saving = saving.then(flush, flush);
    return saving;
  }

  async function flush() {
    while (unsaved.length) {
      const { conversation, ...body } = unsaved[0];
      try {
        await store.add(conversation, body);
      } catch (error) {
        if (error.kind === "long" && !unsaved[0].isMoved) {
          move(conversation);
          continue;
        }
        if (error.kind === "refused") {
          unsaved.shift(); // trying again would not help, and hold up those after it
          list.say(`An answer is not kept. ${error.message}`, true);
          continue;
        }
        const what = unsaved.length === 1 ? "The last answer is" : `${unsaved.length} answers are`;
        list.say(`${what} not kept yet. ${error.message}`, true, "Try again", () => keep());
        return;
      }
      unsaved.shift();
      if (!unsaved.length && list.note.classList.contains("v-conv-error")) list.say("");
      tell("added", conversation);
    }
    await attempt(refresh);
  }

  function move(conversation) {
    const next = randomId();
    for (const each of unsaved) {
      if (each.conversation !== conversation) continue;
      Object.assign(each, { conversation: next, drop: [], isMoved: true });
    }
    if (current === conversation) remember(next);
    list.say("The conversation was full, and goes on in a new one.");
  }

  // Showing what was kept.

  function write(box, text) {
    const field = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    field.set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const asked = (turn) => (turn.querySelector(".v-question")?.textContent || "").trim();

  function isShown(questions) {
    const turns = turnsOnPage();
    return turns.length === questions.length && !isAnswering() &&
      turns.every((turn, place) => asked(turn) === questions[place].trim());
  }

  async function restore(turns) {
    const box = one("textarea#v-restore-data, #v-restore-data textarea");
    const button = one("button#v-restore, #v-restore button");
    if (!box || !button) throw new Error("The page is not ready yet. Try again.");
    const questions = turns.map((turn) => turn.saved.answer.question);
    const refusal = one("#v-notice [role=alert]");
    write(box, JSON.stringify(turns.map((turn) => turn.saved)));
    await pause(60); // the page takes the text over
    button.click();
    for (let waited = 0; waited < 30_000; waited += 50) {
      await pause(50);
      if (isShown(questions)) break;
      const said = one("#v-notice [role=alert]");
      if (said && said !== refusal) throw new Error(said.textContent);
      if (waited > 29_900) throw new Error("The conversation could not be shown. Reload the page.");
    }
    write(box, "");
    keptAs.clear();
    turnsOnPage().forEach((turn, place) => {
      keptAs.set(turn.dataset.turn, { id: turns[place].id, data: dataOf(turn) });
    });
  }

  async function open(id, again = false) {
    close();
    if (id === current && !again && turnsOnPage().length) return;
    if (isRestoring) return;
    if (isAnswering()) {
      list.say("An answer is being written. Wait for it, or stop it, then choose again.", true);
      return;
    }
    isRestoring = true;
    await attempt(async () => {
      await saving;
      const found = await store.one(id);
      await restore(found.turns);
      remember(id);
      list.say("");
      // Another conversation is asked of what its last question was; this one as was chosen.
      const detail = found.turns.at(-1)?.saved.where;
      if (!again) document.dispatchEvent(new CustomEvent("verbatim:filter", { detail }));
    });
    isRestoring = false;
    await attempt(refresh);
  }

  function forget() {
    if (isRestoring) return;
    remember(null);
    keptAs.clear();
    if (store) attempt(refresh);
  }

  function create() {
    close();
    if (isAnswering()) {
      list.say("An answer is being written. Wait for it, or stop it first.", true);
      return;
    }
    const clear = one("button#v-clear, #v-clear button");
    if (clear && turnsOnPage().length) clear.click();
    forget();
    one("#v-question textarea, textarea#v-question")?.focus();
  }

  // Changing what was kept.

  async function rename(id, title) {
    const words = title.trim().replace(/\s+/g, " ");
    await attempt(async () => {
      if (words) await store.rename(id, words);
      tell("renamed", id);
    });
    await attempt(refresh);
  }

  async function remove(id) {
    await attempt(async () => {
      const item = (await store.list()).find((each) => each.id === id);
      await store.remove(id);
      if (!item) return;
      const timer = setTimeout(() => { removed.delete(id); attempt(refresh); }, UNDO_MS);
      removed.set(id, { item: { ...item, wasOpen: id === current }, timer });
      if (id === current && !isAnswering()) create();
      tell("removed", id);
    });
    await attempt(refresh);
    one(`[data-conversation="${id}"] .v-conv-undo`)?.focus();
    if (unsaved.length) keep(); // there may be room now
  }

  async function undo(id) {
    const { item, timer } = removed.get(id) || {};
    clearTimeout(timer);
    removed.delete(id);
    await attempt(() => store.undo(id));
    tell("added", id);
    if (item && item.wasOpen && !turnsOnPage().length) await open(id);
    await attempt(refresh);
    one(`[data-conversation="${id}"] .v-conv-open`)?.focus();
  }

  let typing = 0;
  function search(words) {
    searched = words;
    clearTimeout(typing);
    typing = setTimeout(() => opened.then(() => attempt(refresh)), 150);
  }

  // The buttons are there before the store is: what is asked for meanwhile waits for it.
  async function download() {
    await opened;
    await attempt(() => window.verbatimFiles.download(store));
  }

  async function upload(file) {
    await opened;
    await attempt(async () => {
      const { taken, refused } = await window.verbatimFiles.upload(store, file);
      const done = `${taken} conversation${taken === 1 ? "" : "s"} imported.`;
      list.say(refused.length ? `${done} Not all: ${refused[0]}` : done, refused.length > 0);
      tell("added", null);
    });
    await attempt(refresh);
  }

  document.addEventListener("verbatim:done", onDone);
  document.addEventListener("verbatim:cleared", forget);

  // Other tabs.

  function onTold({ data }) {
    if (!store || !data) return;
    attempt(refresh);
    if (data.id !== current || !current) return;
    if (data.kind === "removed") {
      remember(null);
      keptAs.clear();
      list.say("This conversation was deleted in another window. Going on makes it a new one.");
    } else if (data.kind === "added") {
      list.say("This conversation went on in another window.", false, "Show it",
        () => open(current, true));
    }
  }

  async function begin(nav) {
    const actions = { create, open, rename, remove, undo, search, download, upload, close };
    list = new window.verbatimConversationList(nav, actions);
    try {
      store = await window.verbatimStores.openStore();
    } catch (error) {
      list.say(error.message, true, "Try again", () => begin(nav));
      return;
    }
    hasStore();
    list.place.textContent = store.place;
    list.warn(store.warning);
    if (channel) channel.onmessage = onTold;
    const id = remembered();
    await attempt(refresh);
    if (turnsOnPage().length) keepTurns(); // answered before there was a place to keep it
    else if (CHOSEN.test(id || "") && !store.warning) await open(id);
  }

  const waiting = new MutationObserver(start);
  function start() {
    const nav = one("#v-conversations");
    if (!nav || !one("#v-restore")) return;
    waiting.disconnect();
    begin(nav);
  }
  waiting.observe(document.body, { childList: true, subtree: true });
  start();
})();
