// The list of conversations: what it looks like. Titles are text and never markup.
(() => {
  const ICONS = {
    rename: "M3 17.25V21h3.75L17.8 9.94l-3.75-3.75L3 17.25zM20.7 7a1 1 0 0 0 0-1.4l-2.3-2.3a1 1 0 " +
      "0 0-1.4 0l-1.8 1.8 3.75 3.75L20.7 7z",
    remove: "M6 19a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V7H6v12zM19 4h-3.5l-1-1h-5l-1 1H5v2h14V4z",
    close: "M19 6.4 17.6 5 12 10.6 6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12z",
  };
  const SVG = "http://www.w3.org/2000/svg";

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  function iconButton(icon, label, onclick, className = "") {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) {
      svg.setAttribute(key, value);
    }
    path.setAttribute("d", ICONS[icon]);
    svg.append(path);
    const attributes = { type: "button", class: `v-conv-icon ${className}`, title: label, onclick };
    return element("button", { ...attributes, "aria-label": label }, svg);
  }

  function dayOf(time, now = new Date()) {
    const day = new Date(time);
    const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    if (day.toDateString() === now.toDateString()) return "Today";
    if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
    const year = day.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
    return day.toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric", ...year });
  }

  class ConversationList {
    // `actions`: create, open, rename, remove, undo, search, download, upload, close.
    constructor(nav, actions) {
      this.nav = nav;
      this.wish = null; // where the focus shall be once the list is shown again
      this.actions = actions;
      this.note = element("p", { class: "v-conv-note", role: "status" });
      this.warning = element("p", { class: "v-conv-note v-conv-error", role: "status" });
      this.list = element("div", { class: "v-conv-list" });
      this.place = element("p", { class: "v-conv-place" });
      this.search = element("input", {
        type: "search", class: "v-conv-search", placeholder: "Search conversations",
        "aria-label": "Search conversations", autocomplete: "off",
        oninput: () => actions.search(this.search.value),
      });
      const create = element("button", {
        type: "button", class: "v-conv-new", onclick: () => actions.create(),
      }, "New conversation");
      const head = element("div", { class: "v-conv-head" },
        element("h2", { class: "v-label" }, "Conversations"),
        iconButton("close", "Close conversations", () => actions.close(), "v-conv-close"));
      nav.replaceChildren(head, create, this.search, this.warning, this.note, this.list, this.foot());
    }

    foot() {
      const file = element("input", {
        type: "file", accept: ".json,application/json", hidden: true, "aria-hidden": "true",
        onchange: () => {
          if (file.files[0]) this.actions.upload(file.files[0]);
          file.value = "";
        },
      });
      const plain = (label, onclick) =>
        element("button", { type: "button", class: "v-conv-plain", onclick }, label);
      return element("div", { class: "v-conv-foot" }, this.place,
        plain("Download all", () => this.actions.download()),
        plain("Import", () => file.click()), file);
    }

    // What happened, or went wrong; with `label`, what can be done about it.
    say(text, isError = false, label = "", onclick = null) {
      this.note.classList.toggle("v-conv-error", isError);
      this.note.replaceChildren(text);
      if (!label) return;
      this.note.append(" ", element("button", {
        type: "button", class: "v-conv-plain", onclick,
      }, label));
    }

    // What is so as long as the page is open; empty for nothing.
    warn(text) {
      this.warning.textContent = text;
    }

    // Conversations of one day stand together. `removed`: ids that can still be had back.
    show(items, current, removed, isSearch) {
      if (this.list.querySelector(".v-conv-name")) return; // a name is being written
      const focused = this.wish || this.key(document.activeElement);
    this.wish = null;
      const groups = new Map();
      for (const item of items) {
        const day = dayOf(item.changed);
        if (!groups.has(day)) groups.set(day, []);
        groups.get(day).push(removed.has(item.id) ? this.gone(item) : this.row(item, current));
      }
      const blocks = [...groups].map(([day, rows]) => element("section", { "aria-label": day },
        element("h3", { class: "v-conv-day" }, day),
        element("ul", { role: "list" }, ...rows)));
      const none = isSearch ? "Nothing found." : "Your conversations will be listed here.";
      this.list.replaceChildren(...(blocks.length ? blocks
        : [element("p", { class: "v-conv-none" }, none)]));
      if (focused) this.refocus(focused);
    }

    // Where the focus is in the list, so that it can be there again.
    key(button) {
      const row = button && button.closest(".v-conv");
      return row ? { id: row.dataset.conversation, place: [...row.children].indexOf(button) } : null;
    }

    refocus({ id, place }) {
      const row = this.list.querySelector(`[data-conversation="${id}"]`);
      const target = row ? row.children[place] || row.querySelector("button") : this.search;
      target.focus();
    }

    row(item, current) {
      const { id, title } = item;
      const open = element("button", {
        type: "button", class: "v-conv-open", dir: "auto", title,
        "aria-current": id === current ? "true" : null, onclick: () => this.actions.open(id),
      }, title);
      const row = element("li", { class: "v-conv", "data-conversation": id }, open,
        iconButton("rename", `Rename ${title}`, () => this.edit(row, item)),
        iconButton("remove", `Delete ${title}`, () => this.actions.remove(id)));
      return row;
    }

    gone({ id, title }) {
      return element("li", { class: "v-conv v-conv-gone", "data-conversation": id },
        element("button", {
          type: "button", class: "v-conv-plain v-conv-undo", "aria-label": `Undo: keep ${title}`,
          onclick: () => this.actions.undo(id),
        }, "Undo"),
        element("span", { dir: "auto" }, `Deleted: ${title}`));
    }

    edit(row, item) {
      let isOver = false;
      const end = (title) => {
        if (isOver) return;
        isOver = true;
        input.remove();
        this.actions.rename(item.id, title);
      };
      const input = element("input", {
        class: "v-conv-name", maxlength: "120", "aria-label": `New name of ${item.title}`,
        dir: "auto", autocomplete: "off",
        onblur: () => end(input.value),
        onkeydown: (event) => {
          if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
          event.preventDefault();
          event.stopPropagation(); // Escape would close the drawer
          this.wish = { id: item.id, place: 1 };
          end(event.key === "Enter" ? input.value : "");
        },
      });
      input.value = item.title;
      row.replaceChildren(input);
      input.focus();
      input.select();
    }
  }

  window.verbatimConversationList = ConversationList;
})();
