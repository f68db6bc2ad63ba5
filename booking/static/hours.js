// Shows while somebody types what the hours in the form would offer. The page that the button
// "Preview" leads to is asked for, and its preview taken over; without JavaScript that is a click.

const PAUSE_MS = 500;
const form = document.querySelector("form.hours");
const shown = document.querySelector(".preview-days");
const status = document.querySelector(".preview-news");
let timer;
let running;

form.addEventListener("input", (event) => {
  if (event.target.name === "copy" || event.target.name === "onto") return;
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
});
form.addEventListener("submit", () => {
  clearTimeout(timer);
  running?.abort();
});

async function refresh() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "preview");
  shown.ariaBusy = "true";
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.querySelector(".preview-days");
    if (news) show(news);
    shown.ariaBusy = null;
  } catch {
    // Overtaken by more typing, or no connection: the button still leads there.
    if (running.signal === signal) shown.ariaBusy = null;
  }
}

// To those who hear the page, the first line alone is read.
function show(news) {
  status.textContent = news.firstElementChild?.textContent ?? "";
  shown.replaceChildren(...news.childNodes);
}
