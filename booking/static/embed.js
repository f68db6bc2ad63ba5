// Puts the booking page into yours: docs/embedding.md. Sets no cookie, loads nothing else.
{
  const home = new URL(".", document.currentScript.src);
  const language = document.documentElement.lang;
  const here = new URLSearchParams(location.search);
  const frames = [];
  const heard = new WeakSet();
  const SILENCE_MS = 2000;

  const SOURCES = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
  const DETAILS = ["segment", "name", "email", "company"];
  const BUTTON =
    "display:block;margin-inline-start:auto;width:3rem;height:3rem;border:0;background:none;" +
    "color:inherit;font:1.25rem sans-serif;cursor:pointer";

  const prefill = (link, given) => {
    const url = new URL(link.href);
    const asked = url.searchParams;
    const add = (name, value) => value && asked.set(name, value);
    for (const name of DETAILS) add(name, given[name]);
    for (const name of SOURCES) add(name, given[name] ?? asked.get(name) ?? here.get(name));
    add("locale", given.locale ?? asked.get("locale") ?? language);
    link.href = url;
  };

  // A page that may not stand here loads and says nothing: then the link is what there is.
  const makeFrame = (link, giveUp) => {
    const frame = document.createElement("iframe");
    frame.src = link.href.replace(home, `${home}embed/`);
    frame.title = link.textContent.trim();
    frame.loading = "lazy";
    frame.style = "display:block;width:100%;height:44rem;border:0;visibility:hidden";
    frame.onload = () => setTimeout(() => heard.has(frame) || giveUp(), SILENCE_MS);
    frames.push(frame);
    return frame;
  };

  // Beside the link, without taking room, until it is heard of.
  const putInline = (element, link) => {
    const frame = makeFrame(link, () => frame.remove());
    frame.style.height = 0;
    element.append(frame);
  };

  const makePopup = (link, giveUp, close = /^de/i.test(language) ? "Schließen" : "Close") => {
    const dialog = document.createElement("dialog");
    const button = document.createElement("button");
    const frame = makeFrame(link, giveUp);
    dialog.ariaLabel = frame.title;
    dialog.style = "width:60rem;padding:0;border:0;border-radius:1rem";
    dialog.onclick = ({ target }) => target === dialog && dialog.close();
    button.ariaLabel = close;
    button.textContent = "✕";
    button.style = BUTTON;
    button.onclick = () => dialog.close();
    frame.style.maxHeight = "calc(100dvh - 6rem)";
    dialog.append(button, frame);
    document.body.append(dialog);
    return dialog;
  };

  const show = (frame) => {
    heard.add(frame);
    frame.style.visibility = "";
    if (frame.closest("dialog")) return;
    while (frame.previousSibling) frame.previousSibling.remove();
  };

  const openOnClick = (link, close) => {
    let dialog;
    const showDialog = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      dialog ??= makePopup(link, giveUp, close);
      dialog.showModal();
    };
    const giveUp = () => {
      link.removeEventListener("click", showDialog);
      link.ariaHasPopup = null;
      if (dialog.open) open(link.href, "_blank", "noopener");
      dialog.close();
      dialog.remove();
    };
    link.ariaHasPopup = "dialog";
    link.addEventListener("click", showDialog);
  };

  for (const element of document.querySelectorAll("[data-halbstunde]")) {
    const { halbstunde: way, ...given } = element.dataset;
    const link = element.href ? element : element.querySelector("a");
    delete element.dataset.halbstunde; // The script may stand on the page twice.
    if (!link?.href.startsWith(home)) continue;
    prefill(link, given);
    if (way === "inline") putInline(element, link);
    if (way === "popup") openOnClick(link, given.close);
  }

  addEventListener("message", ({ data, origin, source }) => {
    const frame = frames.find(({ contentWindow }) => contentWindow === source);
    if (!frame || origin !== home.origin) return;
    const { height, close } = data.halbstunde;
    if (!heard.has(frame)) show(frame);
    if (height) frame.style.height = `${height}px`;
    if (close) frame.closest("dialog")?.close();
  });
}
