// What forms do better with JavaScript; without it, all of them work as they are.

const PATIENCE_MS = 15_000;

// A second click or Enter while the first is on its way does nothing.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(release, PATIENCE_MS, form);
  });
}

// Coming back to a page that the browser has kept.
addEventListener("pageshow", () => [...document.forms].forEach(release));

function release(form) {
  delete form.dataset.sent;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
}

// Shows the times for the chosen segment at once, and stays where the reader is.
const refresh = document.querySelector(".refresh");
if (refresh) {
  refresh.hidden = true;
  for (const radio of refresh.form.elements.segment) {
    radio.addEventListener("change", () => {
      refresh.formAction = `${refresh.formAction.split("#")[0]}#${radio.id}`;
      refresh.form.requestSubmit(refresh);
    });
  }
}
