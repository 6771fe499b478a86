// The table of documents, and the form in it that edits one.
(() => {
  const { HOW, STATES, make, button, request } = window.verbatimLibrary;
  const COLUMNS = [
    ["title", "Title"], ["authors", "Authors"], ["published", "Date"],
    ["publisher", "Publisher"], ["passages", "Passages"], ["state", "Status"],
  ];
  const FIELDS = [
    ["title", "Title", ""],
    ["authors", "Authors", "Separated by semicolons"],
    ["published", "Date", "Such as 2024-05-31, May 2024 or 2024"],
    ["publisher", "Publisher", ""],
    ["url", "Address", "Such as https://example.org/text"],
  ];

  const MOST_AUTHORS = 5; // named in the table; the form has them all

  // Roles are stated, since a narrow window shows the table as cards.
  const cell = (name, label, ...children) =>
    make("td", { role: "cell", class: `v-lib-${name}`, "data-label": label }, ...children);

  function head(order, onsort) {
    const row = make("tr", { role: "row" });
    for (const [name, label] of COLUMNS) {
      const isSorted = order.sort === name;
      const direction = order.down ? "descending" : "ascending";
      const sort = make("button", {
        type: "button", class: "v-lib-sort", "data-focus": `sort ${name}`,
        onclick: () => onsort(name, isSorted && !order.down),
      }, label, make("span", { "aria-hidden": "true", text: isSorted ? (order.down ? " ↓" : " ↑") : "" }));
      row.append(make("th", {
        role: "columnheader", scope: "col", class: `v-lib-${name}`, "aria-sort": isSorted ? direction : null,
      }, sort));
    }
    return row;
  }

  function known(entry, field, text, always = false) {
    const how = HOW[entry.found[field]];
    const isTold = how && (always || entry.found[field] === "user");
    return [
      text === null || text === "" ? make("span", { class: "v-lib-unknown", text: "not known" })
        : make("bdi", { text }),
      isTold ? make("small", { text: how }) : null,
    ];
  }

  function authorsOf({ authors }) {
    const shown = authors.length > MOST_AUTHORS ? authors.slice(0, MOST_AUTHORS - 1) : authors;
    const more = authors.length - shown.length;
    return shown.join(", ") + (more ? ` and ${more} more` : "");
  }

  function titleCell(entry) {
    const link = entry.url && make("a", {
      href: entry.url, target: "_blank", rel: "noopener noreferrer", text: new URL(entry.url).host,
    });
    const file = entry.container && entry.container !== entry.file.split("#")[0]
      ? `${entry.file} in ${entry.container}`
      : entry.files > 1 ? `${entry.file} and ${entry.files - 1} more` : entry.file;
    return make("th", { role: "rowheader", scope: "row", class: "v-lib-title" },
      make("bdi", { text: entry.name }),
      entry.found.title === "user" ? make("small", { text: HOW.user }) : null,
      make("small", {}, entry.title ? make("bdi", { text: file }) : "no title is known",
        ...(link ? [" · ", link] : [])));
  }

  function rowOf(entry, actions) {
    const row = make("tr", { role: "row", "data-document": entry.id }, titleCell(entry),
      cell("authors", "Authors", ...known(entry, "authors", authorsOf(entry))),
      cell("published", "Date", ...known(entry, "published", entry.date, true)),
      cell("publisher", "Publisher", ...known(entry, "publisher", entry.publisher)),
      cell("passages", "Passages", entry.passages.toLocaleString("en")),
      cell("state", "Status", make("span", {
        class: `v-lib-tag v-lib-${entry.state.replace(" ", "-")}`, text: STATES[entry.state],
      })));
    if (!actions) return row;
    const act = (text, name, onclick) => button(text, onclick, {
      class: "v-lib-button v-lib-act",
      "data-focus": `${name} ${entry.id}`,
      "aria-label": `${text}: ${entry.name}`,
    });
    if (entry.state === "changed") {
      row.lastChild.append(act("Index again", "reindex", () => actions.reindex([entry.id])));
    }
    // What is known of a part of a file is stated there, and cannot be edited here.
    const change = entry.container ? null : act("Edit", "edit", () => edit(row, entry, actions));
    const remove = () => (entry.parts > 1 ? confirmAll(row, entry, actions) : actions.remove(entry));
    row.append(cell("do", "", ...(change ? [change] : []), act("Remove", "remove", remove)));
    return row;
  }

  // The documents of one file go together: that is said first.
  function confirmAll(row, entry, actions) {
    const cells = [...row.lastChild.childNodes];
    const leave = () => {
      row.lastChild.replaceChildren(...cells);
      cells.at(-1).focus();
    };
    const all = `Remove all ${entry.parts.toLocaleString("en")}`;
    const remove = button(all, () => { leave(); actions.remove(entry, true); }, {
      class: "v-lib-button v-lib-act", "data-focus": `all ${entry.id}`,
      "aria-label": `${all} documents of ${entry.container}`,
    });
    const keep = button("Keep", leave, { class: "v-lib-button v-lib-act", "data-focus": `keep ${entry.id}` });
    row.lastChild.replaceChildren(make("span", {
      role: "status", class: "v-lib-note",
      text: `${entry.container} has ${entry.parts.toLocaleString("en")} documents, which go together.`,
    }), remove, keep);
    keep.focus();
  }

  function table(view, order, onsort, actions) {
    const headRow = head(order, onsort);
    if (actions) {
      headRow.append(make("th", { role: "columnheader", scope: "col", class: "v-lib-do" },
        make("span", { class: "v-hidden", text: "Actions" })));
    }
    return make("table", { role: "table", class: "v-lib-table" },
      make("caption", { class: "v-hidden", text: "Documents" }),
      make("thead", { role: "rowgroup" }, headRow),
      make("tbody", { role: "rowgroup" }, ...view.documents.map((entry) => rowOf(entry, actions))));
  }

  // Editing: the form takes the place of the row.

  function edit(row, entry, actions) {
    const values = {
      title: entry.title ?? "", authors: entry.authors.join("; "), published: entry.published ?? "",
      publisher: entry.publisher ?? "", url: entry.url ?? "",
    };
    const inputs = {};
    const error = make("p", { role: "alert", class: "v-lib-error" });
    const labels = FIELDS.map(([name, label, hint]) => {
      inputs[name] = make("input", { name, autocomplete: "off", dir: "auto", placeholder: hint });
      inputs[name].value = values[name];
      return make("label", {}, label, inputs[name]);
    });
    const save = make("button", { type: "submit", class: "v-lib-button v-lib-main", text: "Save" });
    const leave = () => {
      place.replaceWith(row);
      actions.edited();
      document.querySelector(`.v-lib-table [data-focus="edit ${entry.id}"]`)?.focus();
    };
    const form = make("form", {
      class: "v-lib-form", "aria-label": `Edit ${entry.name}`,
      onsubmit: async (event) => {
        event.preventDefault();
        const given = Object.fromEntries(Object.entries(inputs)
          .map(([name, input]) => [name, input.value])
          .filter(([name, value]) => value !== values[name]));
        save.disabled = true;
        error.textContent = "";
        try {
          if (Object.keys(given).length) await actions.save(entry, given);
          leave();
        } catch (problem) {
          error.textContent = problem.message;
        } finally {
          save.disabled = false;
        }
      },
      onkeydown: (event) => {
        if (event.key === "Escape") leave();
      },
    }, ...labels, error, make("p", {
      class: "v-lib-note",
      text: `Kept beside the file as ${entry.file}.meta.yaml; the file stays as it is. An empty field is not known.`,
    }), make("div", { class: "v-lib-buttons" }, save, button("Cancel", leave)));
    const place = make("tr", { role: "row", class: "v-lib-editing" },
      make("td", { role: "cell", colspan: COLUMNS.length + 1 }, form));
    row.replaceWith(place);
    inputs.title.focus();
  }

  Object.assign(window.verbatimLibrary, { COLUMNS, table });
})();
