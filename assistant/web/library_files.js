// Files on their way: chosen or dropped, sent one after the other, then indexed together.
(() => {
  const { BUSY, make, button, counted, size, request, send } = window.verbatimLibrary;
  const PAUSE = 2000; // milliseconds until the server is asked again whether it is free

  class Upload {
    constructor(file, limits) {
      this.file = file;
      this.sent = 0;
      this.state = "waiting";
      this.text = "waiting";
      this.error = this.#unfit(limits);
      if (this.error) this.state = "refused";
    }

    #unfit({ suffixes, remedies, largest_upload: largest }) {
      const suffix = /\.[^.]*$/.exec(this.file.name)?.[0].toLowerCase() ?? "no suffix";
      if (!suffixes.includes(suffix)) {
        return [`Expected one of ${suffixes.join(", ")}, found ${suffix}.`, remedies[suffix]].join(" ").trim();
      }
      if (this.file.size > largest) return `Expected at most ${size(largest)}, found ${size(this.file.size)}.`;
      return this.file.size ? null : "Expected text, found an empty file.";
    }
  }

  class Files {
    // `place` is filled; `hooks.started(job)` gets the job that indexes, and resolves once it ended.
    constructor(place, hooks) {
      this.place = place;
      this.hooks = hooks;
      this.uploads = [];
      this.isBusy = false;
      this.stopped = false;
      window.addEventListener("beforeunload", (event) => {
        if (this.isBusy && this.uploads.some(({ state }) => state === "sending" || state === "waiting")) {
          event.preventDefault();
        }
      });
    }

    async add(list, limits) {
      const files = [...list];
      if (!files.length) return;
      if (this.isBusy) return this.hooks.say("Files are being sent. Wait until they are, then add more.", true);
      const kept = files.slice(0, limits.most_files);
      this.uploads = kept.map((file) => new Upload(file, limits));
      this.over = files.length - kept.length;
      this.isBusy = true;
      this.stopped = false;
      this.show();
      try {
        await this.#sendAll();
        await this.#index();
      } finally {
        this.isBusy = false;
        this.show();
        this.hooks.say(this.#summary());
      }
    }

    stop() {
      this.stopped = true;
      this.sending?.stop();
    }

    #count(...states) {
      return this.uploads.filter(({ state }) => states.includes(state)).length;
    }

    #summary() {
      const parts = [`${counted(this.#count("added"), "file")} added`];
      const refused = this.#count("refused");
      if (refused) parts.push(`${refused.toLocaleString("en")} not`);
      if (this.over) parts.push(`${this.over.toLocaleString("en")} left out: too many at once`);
      return `${parts.join(", ")}.`;
    }

    async #sendAll() {
      for (const upload of this.uploads) {
        if (upload.state === "refused") continue;
        if (this.stopped) {
          this.#refuse(upload, "Not sent.");
          continue;
        }
        upload.state = "sending";
        this.show();
        this.sending = send(upload.file, (bytes) => {
          upload.sent = Math.min(bytes, upload.file.size);
          this.#progress();
        });
        try {
          const { token, name } = await this.sending.whole;
          Object.assign(upload, { token, name, sent: upload.file.size, state: "sent", text: "sent" });
        } catch (error) {
          this.#refuse(upload, error.message);
        }
      }
      if (this.stopped) await this.#forget();
    }

    async #forget() {
      for (const upload of this.uploads.filter(({ state }) => state === "sent")) {
        this.#refuse(upload, "Not added.");
        await request(`/files/${upload.token}`, "DELETE").catch(() => null);
      }
    }

    async #index() {
      const sent = this.uploads.filter(({ state }) => state === "sent");
      if (!sent.length) return;
      let job = null;
      while (!job) {
        try {
          ({ job } = await request("/index", "POST", { files: sent.map(({ token }) => token) }));
        } catch (error) {
          if (error.status !== BUSY) {
            for (const upload of sent) this.#refuse(upload, error.message);
            return;
          }
          for (const upload of sent) upload.text = "waits for another change";
          this.show();
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
          if (this.stopped) return this.#forget();
        }
      }
      for (const upload of sent) Object.assign(upload, { state: "indexing", text: "being indexed" });
      this.show();
      const ended = await this.hooks.started(job);
      for (const upload of sent) this.#end(upload, ended);
    }

    #end(upload, job) {
      const note = job.notes.find(({ name, is_error: isError }) => isError && name === upload.name);
      if (job.state === "failed") this.#refuse(upload, job.result);
      else if (note) this.#refuse(upload, note.text);
      else Object.assign(upload, { state: "added", text: "added" });
    }

    #refuse(upload, why) {
      // The name stands beside it already.
      const said = why.startsWith(`${upload.file.name}: `) ? why.slice(upload.file.name.length + 2) : why;
      upload.state = "refused";
      upload.error = said.charAt(0).toUpperCase() + said.slice(1);
    }

    #sum(of) {
      return this.uploads.reduce((sum, upload) => sum + (upload.state === "refused" ? 0 : of(upload)), 0);
    }

    #progress() {
      const bar = this.place.querySelector("progress");
      const [sent, all] = [this.#sum((upload) => upload.sent), this.#sum((upload) => upload.file.size)];
      if (bar) {
        bar.max = Math.max(1, all);
        bar.value = sent;
        this.place.querySelector(".v-lib-sent").textContent = `Sending: ${size(sent)} of ${size(all)}`;
      }
      this.uploads.forEach((upload, place) => {
        const line = this.place.querySelectorAll(".v-lib-upload-state")[place];
        if (line && upload.state === "sending") {
          line.textContent = `${Math.floor((100 * upload.sent) / Math.max(1, upload.file.size))} % sent`;
        }
      });
    }

    show() {
      if (!this.uploads.length) return this.place.replaceChildren();
      const isSending = this.isBusy && this.#count("waiting", "sending") > 0;
      const canStop = this.isBusy && this.#count("waiting", "sending", "sent") > 0;
      const isRefused = ({ state }) => Number(state === "refused");
      // In the end what needs a look comes first.
      const listed = this.isBusy ? this.uploads : this.uploads.toSorted((a, b) => isRefused(b) - isRefused(a));
      const rows = listed.map((upload) => make("li", { class: `v-lib-upload v-lib-is-${upload.state}` },
        make("bdi", { class: "v-lib-upload-name", text: upload.file.name }),
        make("span", { class: "v-lib-upload-state", text: upload.error ?? upload.text })));
      this.place.replaceChildren(
        make("div", { class: "v-lib-line" },
          make("span", { class: "v-lib-sent", text: this.isBusy ? "" : this.#summary() }),
          canStop ? button("Stop", () => this.stop(), { "data-focus": "stop" }) : null,
          this.isBusy ? null : button("Close", () => {
            this.uploads = [];
            this.show();
            this.hooks.closed();
          })),
        ...(isSending ? [make("progress", { "aria-label": "Files sent" })] : []),
        make("ul", { class: "v-lib-uploads", role: "list", tabindex: "0", "aria-label": "Files" }, ...rows));
      if (isSending) this.#progress();
      else if (this.isBusy) {
        const sent = this.#count("sent", "indexing");
        this.place.querySelector(".v-lib-sent").textContent = `Sent: ${counted(sent, "file")}`;
      }
    }
  }

  window.verbatimLibrary.Files = Files;
})();
