// What the scripts of the Library tab share: elements, requests, and how things are called.
(() => {
  const HOW = {
    front_matter: "from its front matter",
    embedded: "from the file",
    byline: "from its byline",
    sidecar: "from a sidecar",
    user: "edited",
  };
  const BUSY = 409;
  const STATES = { "in step": "In step", changed: "Changed on disk", missing: "File missing" };

  function make(tag, values = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(values)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key === "text") element.textContent = value;
      else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  function button(text, onclick, values = {}) {
    return make("button", { type: "button", class: "v-lib-button", text, onclick, ...values });
  }

  function counted(count, noun) {
    return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
  }

  function size(bytes) {
    if (bytes < 1000) return counted(bytes, "byte");
    if (bytes < 1e6) return `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
    return `${(bytes / 1e6).toFixed(1)} MB`;
  }

  class RequestError extends Error {
    constructor(message, status) {
      super(message);
      this.status = status;
    }
  }

  // What was not done for a reason is no error of the network.
  function granted(value) {
    if (value.busy) throw new RequestError(value.busy, BUSY);
    if (value.refused) throw new RequestError(value.refused, 400);
    return value;
  }

  async function request(path, method = "GET", body = undefined) {
    const sent = { method, headers: { "X-Verbatim": "1" }, cache: "no-store" };
    if (body !== undefined) {
      sent.headers["Content-Type"] = "application/json";
      sent.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(`app/library${path}`, sent);
    } catch {
      throw new RequestError("The server cannot be reached. Look whether it runs, then try again.", 0);
    }
    const value = await response.json().catch(() => ({}));
    if (response.ok) return granted(value);
    throw new RequestError(value.error || `The server answered with ${response.status}.`, response.status);
  }

  // A file as the body of a request; tells how much of it was sent.
  function send(file, onsent) {
    const sending = new XMLHttpRequest();
    const whole = new Promise((resolve, reject) => {
      sending.open("POST", `app/library/files?name=${encodeURIComponent(file.name)}`);
      sending.setRequestHeader("X-Verbatim", "1");
      sending.setRequestHeader("Content-Type", "application/octet-stream");
      sending.responseType = "json";
      sending.upload.addEventListener("progress", (event) => onsent(event.loaded));
      sending.addEventListener("load", () => {
        const value = sending.response ?? {};
        if (sending.status === 200 && !value.refused) resolve(value);
        else if (value.refused) reject(new RequestError(value.refused, 400));
        else reject(new RequestError(value.error || `The server answered with ${sending.status}.`, sending.status));
      });
      sending.addEventListener("error", () =>
        reject(new RequestError("It could not be sent. Look whether the file and the server are still there.", 0)));
      sending.addEventListener("abort", () => reject(new RequestError("Not sent.", 0)));
      sending.send(file);
    });
    return { whole, stop: () => sending.abort() };
  }

  async function picture() {
    const response = await fetch("app/library/picture", { cache: "no-store" });
    const holder = document.createElement("template");
    holder.innerHTML = response.ok ? await response.text() : ""; // escaped by the server
    return holder.content;
  }

  window.verbatimLibrary = { BUSY, HOW, STATES, make, button, counted, size, request, send, picture };
})();
