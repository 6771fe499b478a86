// One file with all conversations, and back.
(() => {
  const FORMAT = 1;
  const LARGEST_IMPORT = 60_000_000; // bytes
  const AT_ONCE = 600_000; // bytes of one request
  const CHOSEN = /^[0-9a-f]{32}$/;

  async function download(store) {
    const conversations = [];
    for (const { id } of await store.list()) conversations.push(await store.one(id));
    const text = JSON.stringify({ verbatim_conversations: FORMAT, conversations });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "verbatim-conversations.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function read(file) {
    const wrong = "Expected a file with conversations, as “Download all” makes one.";
    if (file.size > LARGEST_IMPORT) throw new Error(`${wrong} This one is too large.`);
    let value;
    try { value = JSON.parse(await file.text()); } catch { throw new Error(wrong); }
    if (value && value.verbatim_conversations > FORMAT) {
      throw new Error("The file was made by a newer release of Verbatim. Nothing was imported.");
    }
    const isOurs = value && value.verbatim_conversations === FORMAT;
    if (!isOurs || !Array.isArray(value.conversations)) throw new Error(wrong);
    return value.conversations;
  }

  function isConversation(each) {
    return Boolean(each) && CHOSEN.test(each.id) && typeof each.title === "string" &&
      each.title.trim() !== "" && Array.isArray(each.turns) && each.turns.length > 0 &&
      each.turns.every((turn) => turn && CHOSEN.test(turn.id) && turn.saved &&
        turn.saved.format === FORMAT && turn.saved.answer &&
        typeof turn.saved.answer.question === "string" &&
        typeof turn.saved.answer.text === "string");
  }

  async function take(store, { id, title, changed, turns }) {
    let part = [];
    let size = 0;
    const name = title.trim().slice(0, 120);
    const at = Number.isFinite(changed) ? Math.trunc(changed) : Date.now();
    for (const turn of turns) {
      const length = new Blob([JSON.stringify(turn)]).size;
      if (part.length && size + length > AT_ONCE) {
        await store.add(id, { title: name, turns: part, drop: [], at });
        [part, size] = [[], 0];
      }
      part.push(turn);
      size += length;
    }
    await store.add(id, { title: name, turns: part, drop: [], at });
  }

  // Adds what a file holds; how many were taken, and why others were not.
  async function upload(store, file) {
    let taken = 0;
    const refused = [];
    for (const each of await read(file)) {
      try {
        if (!isConversation(each)) throw new Error("There was something that is none.");
        await take(store, each);
        taken += 1;
      } catch (error) {
        refused.push(error.message);
        if (error.kind === "full") break;
      }
    }
    return { taken, refused };
  }

  window.verbatimFiles = Object.freeze({ download, upload });
})();
