// What forms do better with JavaScript; without it, all of them work as they are.

const PATIENCE_MS = 10_000;

for (const form of document.forms) watch(form);

// A form is sent once, until its answer is long in coming: then it may be sent again, and says so.
function watch(form) {
  const status = form.querySelector(".patience");
  let sentBy = null;
  let timer;

  form.addEventListener("submit", (event) => {
    if (sentBy) {
      event.preventDefault();
    } else if (status && !navigator.onLine) {
      event.preventDefault();
      say(status.dataset.offline);
    } else {
      say("");
      sentBy = event.submitter ?? form;
      sentBy.ariaBusy = "true";
      timer = setTimeout(giveUp, PATIENCE_MS);
    }
  });
  // Coming back to a page that the browser has kept.
  addEventListener("pageshow", release);

  function giveUp() {
    const isLooking = sentBy.formNoValidate;
    release();
    if (!isLooking) say(status?.dataset.late);
  }

  function release() {
    clearTimeout(timer);
    if (sentBy) sentBy.ariaBusy = null;
    sentBy = null;
  }

  function say(text) {
    if (!status) return;
    status.textContent = text ?? "";
    if (text) status.scrollIntoView({ block: "nearest" });
  }
}

// Shows the times for the chosen segment at once.
const refresh = document.querySelector(".refresh");
if (refresh) {
  refresh.hidden = true;
  for (const radio of refresh.form.elements.segment) {
    radio.addEventListener("change", () => refresh.form.requestSubmit(refresh));
  }
}
