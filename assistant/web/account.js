// Who is signed in, the ways out, and a word when a session has ended. Only where users sign in.
(() => {
  const isSmall = window.matchMedia("(max-width: 48rem)");
  const out = "/signin?next=" + encodeURIComponent("/");

  async function signOut(everywhere) {
    const headers = { "X-Verbatim": "1" };
    const address = everywhere ? "/signout?everywhere=true" : "/signout";
    const response = await fetch(address, { method: "POST", headers });
    if (response.ok || response.status === 401) location.assign("/signin");
  }

  function button(text, everywhere) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => signOut(everywhere));
    return made;
  }

  function part(tag, className, textContent) {
    return Object.assign(document.createElement(tag), { className, textContent });
  }

  function menu(user) {
    const details = document.createElement("details");
    details.id = "v-account";
    const summary = document.createElement("summary");
    summary.setAttribute("aria-label", `Account of ${user}`);
    const [initial] = user;
    summary.append(part("bdi", "v-account-name", user), part("span", "v-account-initial", initial.toUpperCase()));
    const list = document.createElement("div");
    list.setAttribute("role", "region"); // or who goes by landmarks does not come to it
    list.setAttribute("aria-label", "Account");
    list.append(part("p", "v-account-whole", user), button("Sign out", false), button("Sign out everywhere", true));
    details.append(summary, list);
    const fit = () => details.classList.toggle("v-account-small", isSmall.matches);
    isSmall.addEventListener("change", fit);
    fit();
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      event.stopPropagation();
      details.open = false;
      summary.focus();
    });
    document.addEventListener("click", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
    return details;
  }

  function tellEnd() {
    if (document.getElementById("v-ended")) return;
    const bar = document.createElement("p");
    bar.id = "v-ended";
    bar.setAttribute("role", "alert");
    const link = document.createElement("a");
    link.href = out;
    link.textContent = "Sign in again";
    bar.append("You are signed out. ", link);
    document.body.append(bar);
  }

  // Gradio's own requests are among these: it would only show that something failed.
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const response = await ask(...request);
    if (response.status === 401 && new URL(response.url).origin === location.origin) tellEnd();
    return response;
  };

  ask("/app/account")
    .then((response) => response.json())
    .then(({ user }) => user && document.body.prepend(menu(user)));
})();
