// Where conversations are kept: in this browser, on the server for who signed in, or, where a
// browser keeps nothing, in this tab alone. All three take and give the same; a question with its
// answer is added and never written over, so that several tabs lose nothing of each other's.
(() => {
  const FORMAT = 1;
  const UNDO_MS = 30_000;
  const limits = { conversations: 500, turns: 200, bytes: 700_000 };

  class KeepError extends Error {
    constructor(message, kind = "failed") {
      super(message);
      this.kind = kind; // "full": nothing more; "long": not in this conversation; "refused"; "failed"
    }
  }

  const BLOCKED = "This browser keeps nothing for this page. Conversations last until this tab " +
    "is closed; download those you want to have later.";
  const NEWER = "The conversations in this browser were kept by a newer release of Verbatim. They " +
    "are left as they are; new ones last until this tab is closed.";
  const FULL = "This browser has no room left. Delete conversations; download them first to have " +
    "them elsewhere.";
  const GONE = "There is no such conversation. It may have been deleted in another window.";

  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = (words) => folded(words).split(/\s+/).filter(Boolean).slice(0, 8);
  const visible = ({ id, title, created, changed, turns }) =>
    ({ id, title, created, changed, turns });

  function rowOf(conversation, { id, saved }) {
    const { question = "", text = "" } = (saved && saved.answer) || {};
    const bytes = new Blob([JSON.stringify(saved)]).size;
    return { id, conversation, saved, bytes, words: folded(`${question}\n${text}`) };
  }

  function checkRoom(rows) {
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    if (rows.length <= limits.turns && bytes <= limits.bytes) return;
    throw new KeepError(`A conversation has at most ${limits.turns} questions and ` +
      `${limits.bytes.toLocaleString("en")} bytes. Go on in a new one.`, "long");
  }

  function checkNumber(count) {
    if (count < limits.conversations) return;
    throw new KeepError(`At most ${limits.conversations} conversations are kept. Delete some; ` +
      "download them first to have them elsewhere.", "full");
  }

  const promised = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  function opened(name) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, FORMAT);
      request.onupgradeneeded = () => {
        const database = request.result;
        database.createObjectStore("conversations", { keyPath: "id" });
        const turns = database.createObjectStore("turns", { keyPath: "n", autoIncrement: true });
        turns.createIndex("conversation", "conversation");
        turns.createIndex("id", "id", { unique: true });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  class BrowserStore {
    constructor(database) {
      this.database = database;
      this.place = "In this browser";
      this.warning = "";
      // A newer release in another tab may change the form: it must not wait for this one.
      database.onversionchange = () => { database.close(); };
    }

    // One transaction: another tab's comes before it or after it, never in between.
    async transact(mode, job) {
      let transaction;
      try {
        transaction = this.database.transaction(["conversations", "turns"], mode);
      } catch {
        throw new KeepError("A newer release of Verbatim is open in another tab. Reload the page.");
      }
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error || new KeepError("It was undone."));
      });
      ended.catch(() => {}); // it is thrown below
      try {
        const result = await job(
          transaction.objectStore("conversations"), transaction.objectStore("turns"),
        );
        await ended;
        return result;
      } catch (error) {
        try { transaction.abort(); } catch { /* it has ended by itself */ }
        if (error instanceof KeepError) throw error;
        const isFull = error && error.name === "QuotaExceededError";
        throw isFull ? new KeepError(FULL, "full")
          : new KeepError(`This browser could not keep it: ${(error && error.message) || error}`);
      }
    }

    async rows(turns, conversation) {
      return promised(turns.index("conversation").getAll(conversation));
    }

    async list(words = "") {
      const parts = wanted(words);
      return this.transact("readwrite", async (conversations, turns) => {
        const found = [];
        for (const each of await promised(conversations.getAll())) {
          if (each.removed && each.removed < Date.now() - UNDO_MS) {
            conversations.delete(each.id);
            for (const row of await this.rows(turns, each.id)) turns.delete(row.n);
          } else if (!each.removed) {
            const rows = parts.length ? await this.rows(turns, each.id) : [];
            const texts = [folded(each.title), ...rows.map((row) => row.words)];
            if (parts.every((part) => texts.some((text) => text.includes(part)))) found.push(each);
          }
        }
        return found.map(visible).sort((a, b) => b.changed - a.changed);
      });
    }

    async one(id) {
      return this.transact("readonly", async (conversations, turns) => {
        const found = await promised(conversations.get(id));
        if (!found || found.removed) throw new KeepError(GONE);
        const rows = await this.rows(turns, id);
        return { ...visible(found), turns: rows.map(({ id: name, saved }) => ({ id: name, saved })) };
      });
    }

    async add(id, { title, turns: added, drop = [], at = Date.now() }) {
      return this.transact("readwrite", async (conversations, turns) => {
        const old = await promised(conversations.get(id));
        if (!old) checkNumber(await promised(conversations.count()));
        const rows = await this.rows(turns, id);
        const kept = rows.filter((row) => !drop.includes(row.id));
        for (const row of rows) if (!kept.includes(row)) turns.delete(row.n);
        for (const turn of added) {
          if (await promised(turns.index("id").getKey(turn.id)) !== undefined) continue;
          const row = rowOf(id, turn);
          turns.add(row);
          kept.push(row);
        }
        checkRoom(kept);
        const isOther = kept.length !== rows.length || drop.length > 0;
        const changed = old ? (isOther ? Date.now() : old.changed) : Math.min(at, Date.now());
        const known = old || { id, title, created: changed };
        const now = { ...known, changed, turns: kept.length, removed: null };
        conversations.put(now);
        return visible(now);
      });
    }

    async set(id, values) {
      return this.transact("readwrite", async (conversations) => {
        const found = await promised(conversations.get(id));
        if (!found) throw new KeepError(GONE);
        conversations.put({ ...found, ...values });
      });
    }

    rename(id, title) { return this.set(id, { title }); }
    remove(id) { return this.set(id, { removed: Date.now() }); }
    undo(id) { return this.set(id, { removed: null }); }
  }

  class TabStore {
    constructor(warning) {
      this.place = "In this tab";
      this.warning = warning;
      this.all = new Map();
    }

    async list(words = "") {
      const parts = wanted(words);
      return [...this.all.values()].filter((each) => {
        const texts = [folded(each.title), ...each.rows.map((row) => row.words)];
        return !each.removed && parts.every((part) => texts.some((text) => text.includes(part)));
      }).map((each) => visible({ ...each, turns: each.rows.length }))
        .sort((a, b) => b.changed - a.changed);
    }

    found(id) {
      const each = this.all.get(id);
      if (!each) throw new KeepError(GONE);
      return each;
    }

    async one(id) {
      const each = this.found(id);
      return { ...visible(each), turns: each.rows.map(({ id: name, saved }) => ({ id: name, saved })) };
    }

    async add(id, { title, turns, drop = [] }) {
      const now = Date.now();
      const each = this.all.get(id) || { id, title, created: now, rows: [] };
      const kept = each.rows.filter((row) => !drop.includes(row.id));
      for (const turn of turns) {
        if (!kept.some((row) => row.id === turn.id)) kept.push(rowOf(id, turn));
      }
      checkRoom(kept);
      this.all.set(id, { ...each, rows: kept, changed: now, removed: null });
      return visible({ ...each, changed: now, turns: kept.length });
    }

    async rename(id, title) { this.found(id).title = title; }
    async remove(id) { this.found(id).removed = Date.now(); }
    async undo(id) { this.found(id).removed = null; }
  }

  async function request(path, method = "GET", body = undefined) {
    let response;
    let answer;
    try {
      response = await fetch(`app/conversations${path}`, {
        method,
        cache: "no-store",
        headers: { "X-Verbatim": "1", ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body && JSON.stringify(body),
      });
      answer = await response.json();
    } catch {
      throw new KeepError("The server could not be reached, or does not keep this. Try again.");
    }
    if (response.ok) return answer;
    const kind = { 400: "refused", 409: "long", 413: "refused", 507: "full" }[response.status] || "failed";
    throw new KeepError(answer.error || `The server answered ${response.status}.`, kind);
  }

  class ServerStore {
    constructor(user) {
      this.place = `On the server, for ${user} alone`;
      this.warning = "";
    }

    async list(words = "") {
      return (await request(`?words=${encodeURIComponent(words)}`)).conversations;
    }

    one(id) { return request(`/${id}`); }
    add(id, body) { return request(`/${id}`, "POST", body); }
    rename(id, title) { return request(`/${id}/title`, "POST", { title }); }
    remove(id) { return request(`/${id}`, "DELETE"); }
    undo(id) { return request(`/${id}/undo`, "POST", {}); }
  }

  async function browserStore(user) {
    try {
      const name = user ? `verbatim-${encodeURIComponent(user)}` : "verbatim";
      return new BrowserStore(await opened(name));
    } catch (error) {
      return new TabStore(error && error.name === "VersionError" ? NEWER : BLOCKED);
    }
  }

  async function openStore() {
    const { kept, user } = await request("");
    return kept === "server" ? new ServerStore(user) : browserStore(user);
  }

  window.verbatimStores = Object.freeze({ openStore, limits });
})();
