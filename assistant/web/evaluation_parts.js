// What the scripts of the Evaluation tab share: elements, requests, and times in words.
(() => {
  const { make, counted } = window.verbatimLibrary;

  function button(text, onclick, values = {}) {
    return make("button", { type: "button", class: "v-eval-button", text, onclick, ...values });
  }

  // A list to choose from, with its label. Options are [value, text] pairs.
  function choice(label, options, onchange = null) {
    const select = make("select", {}, ...options.map(([value, text]) => make("option", { value, text })));
    if (onchange) select.addEventListener("change", onchange);
    return { field: make("label", { class: "v-eval-field" }, make("span", { text: label }), select), select };
  }

  function duration(seconds) {
    if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    return `${(seconds / 3600).toFixed(1)} h`;
  }

  function pace(perSecond) {
    if (perSecond >= 0.95) return `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} a second`;
    return `${(60 * perSecond).toFixed(60 * perSecond < 10 ? 1 : 0)} a minute`;
  }

  async function answered(path, options) {
    let response;
    try {
      response = await fetch(`app/evaluation${path}`, {
        cache: "no-store", ...options, headers: { "X-Verbatim": "1", ...options?.headers },
      });
    } catch {
      throw new Error("The server cannot be reached. Look whether it runs, then try again.");
    }
    if (response.ok) return response;
    const value = await response.json().catch(() => ({}));
    throw new Error(value.error || `The server answered with ${response.status}.`);
  }

  async function request(path, method = "GET", body = undefined) {
    const options = { method };
    if (body !== undefined) {
      options.headers = { "Content-Type": "application/json" };
      options.body = JSON.stringify(body);
    }
    const value = await (await answered(path, options)).json();
    if (value.busy || value.refused) throw new Error(value.busy || value.refused);
    return value;
  }

  // A part of the page, escaped by the server.
  async function part(path) {
    const holder = document.createElement("template");
    holder.innerHTML = await (await answered(path)).text();
    return holder.content;
  }

  window.verbatimEvaluation = { make, counted, button, choice, duration, pace, request, part };
})();
