// Everything works without this file; it only saves a reload while work goes on.
const job = document.querySelector("[data-job]");
if (job) {
  const ask = async () => {
    const answer = await fetch("/work", { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#job");
    job.replaceChildren(...now.childNodes);
    if (now.dataset.job) setTimeout(ask, 1000);
    else delete job.dataset.job;
  };
  setTimeout(ask, 1000);
}

// A form that previews itself: what is chosen is tried at once, and the part called "preview" is put in anew.
const live = document.querySelector("form[data-live]");
if (live) {
  let last = 0;
  live.addEventListener("change", async (event) => {
    if (event.target.name === "why") return;
    const mine = ++last;
    const focused = document.activeElement?.getAttribute("aria-label");
    const answer = await fetch(live.action, { method: "POST", body: new FormData(live), headers: { Accept: "text/html" } });
    if (mine !== last) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.querySelector("#preview");
    const shown = document.querySelector("#preview");
    if (told) {
      shown.replaceChildren(...told.childNodes);
      if (focused) [...shown.querySelectorAll("select")].find((each) => each.getAttribute("aria-label") === focused)?.focus();
    } else {
      const refused = document.createElement("p");
      refused.setAttribute("role", "alert");
      refused.textContent = page.querySelector("main")?.innerText ?? String(answer.status);
      shown.prepend(refused);
    }
  });
}
