// Keyboard shortcuts, never while typing. They can be turned off: some people speak to their
// computer, or lean on its keys.
(() => {
  const SETTING = "verbatim.keys";
  const LIST = [
    [["j", "n"], "Next quote"],
    [["k", "p"], "Previous quote"],
    [["1", "9"], "Open quote 1 to 9 of the answer"],
    [["/"], "Write a question"],
    [["?"], "Show this list"],
    [["Esc"], "Close"],
  ];
  let dialog = null;
  let isOn = true;
  try {
    isOn = localStorage.getItem(SETTING) !== "off";
  } catch {
    // without storage they are on each time
  }

  function make(tag, values = {}, ...children) {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  }

  function turn(on) {
    isOn = on;
    try {
      localStorage.setItem(SETTING, on ? "on" : "off");
    } catch {
      // kept until the page is left
    }
  }

  function build() {
    const rows = LIST.map(([keys, what]) => make("div", { className: "v-keys-row" },
      make("dt", {}, ...keys.flatMap((key, i) => {
        const between = key === "9" ? " to " : " or ";
        const kbd = make("kbd", { textContent: key });
        return i ? [between, kbd] : [kbd];
      })),
      make("dd", { textContent: what })));
    const box = make("input", { type: "checkbox", checked: isOn });
    box.addEventListener("change", () => turn(box.checked));
    const done = make("button", { type: "button", className: "v-keys-close", textContent: "Close", autofocus: true });
    const made = make("dialog", { id: "v-keys" },
      make("h2", { id: "v-keys-title", textContent: "Keyboard shortcuts" }),
      make("dl", {}, ...rows),
      make("label", {}, box, "Use shortcuts of one letter, digit or sign"),
      done);
    made.setAttribute("aria-labelledby", "v-keys-title");
    done.addEventListener("click", () => made.close());
    made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
    (document.querySelector(".gradio-container") ?? document.body).append(made);
    return made;
  }

  function showList() {
    dialog = dialog?.isConnected ? dialog : build();
    if (!dialog.open) dialog.showModal();
  }

  const isTyping = (target) => target instanceof Element
    && target.closest("input, textarea, select, [contenteditable], [role='textbox'], [role='combobox']");

  function focusQuestion(event) {
    const box = document.querySelector("#v-question textarea");
    if (!box || box.offsetParent === null) return; // another tab is shown
    event.preventDefault();
    box.focus();
  }

  const go = (where) => document.dispatchEvent(
    new CustomEvent("verbatim:quote", { detail: { go: where } }),
  );

  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return; // it closes itself
    if (key === "Escape") return go("close");
    if (!isOn) return;
    if (key === "?") {
      event.preventDefault();
      return showList();
    }
    if (key === "/") return focusQuestion(event);
    const question = document.getElementById("v-question");
    if (!question || question.offsetParent === null) return;
    if (key === "j" || key === "n") go("next");
    else if (key === "k" || key === "p") go("previous");
    else if (/^[1-9]$/.test(key)) go(Number(key));
  });

  document.addEventListener("verbatim:keys", showList);
})();
