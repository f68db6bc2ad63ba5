// Ctrl+K, or ⌘K, leads to the search from anywhere in the console. Keys without Ctrl are left alone:
// whoever speaks to the computer, or types with a screen reader, would press them unawares.

const field = document.querySelector(".console-find input[type=search]");

addEventListener("keydown", (event) => {
  const isMeant = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isMeant || event.key.toLowerCase() !== "k" || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// On a phone the menu is a strip: the page that is open is shown of it.
const here = document.querySelector(".console-nav [aria-current]");
here?.closest("nav").scrollTo({ left: here.offsetLeft - 16 });
