// For pages in a frame: tells the page around it how high this one is, and to close the popup it
// stands in. Only the origins that the organisation has listed are told.

const listed = document.body.dataset.origins.split(" ");
const around = location.ancestorOrigins?.[0];
const told = around ? listed.filter((origin) => origin === around) : listed;

if (parent !== window) {
  // At once as well: what is not in sight is not observed, and whoever is silent is taken away.
  tellHeight();
  new ResizeObserver(tellHeight).observe(document.body);
  addEventListener("keydown", ({ key, defaultPrevented }) => {
    if (key === "Escape" && !defaultPrevented) tell({ close: true });
  });
  goOn();
}

function tellHeight() {
  tell({ height: document.body.offsetHeight });
}

function tell(news) {
  for (const origin of told) if (origin) parent.postMessage({ halbstunde: news }, origin);
}

// What browsers do for other pages, they leave out here: neither autofocus nor the end of an address
// moves the page around the frame. A page that was just embedded must not move it either.
function goOn() {
  const asked = document.querySelector("[autofocus]") ?? byId(location.hash.slice(1));
  const isAnswer = document.referrer.startsWith(location.origin) && !document.querySelector(".steps");
  if (asked) asked.focus();
  else if (isAnswer) {
    byId("main").focus({ preventScroll: true });
    byId("main").scrollIntoView();
  }
}

function byId(id) {
  return document.getElementById(id);
}
