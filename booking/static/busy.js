// Says that another view is on its way, to those who see the page and to those who hear it.

const PATIENCE_MS = 10_000;
const region = document.querySelector(".steps");

globalThis.navigation?.addEventListener("navigate", ({ destination }) => {
  if (destination.sameDocument) return;
  region.ariaBusy = "true";
  setTimeout(rest, PATIENCE_MS);
});

// Coming back to a page that the browser has kept.
addEventListener("pageshow", rest);

function rest() {
  region.ariaBusy = null;
}
