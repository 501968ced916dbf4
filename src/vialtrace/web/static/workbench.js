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
  };
  setTimeout(ask, 1000);
}
