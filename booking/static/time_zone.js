// Shows the times in the visitor's own zone. Only on a page that was just opened and that nobody
// has told a zone: the server marks the list of zones of such a page.

const list = document.querySelector("select[data-detect]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (list && zone && zone !== list.value) {
  const address = new URL(location.href);
  address.searchParams.set("tz", zone);
  location.replace(address);
}
