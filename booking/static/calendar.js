// Makes the month a grid with one tab stop: arrows, Home and End go from one free day to another,
// Page Up and Page Down turn the month, Enter and Space choose. Without JavaScript it is a table
// in which every free day is a link or a button.

const table = document.querySelector(".days");
const turn = table.closest(".month").querySelector(".month-head");
const days = [...table.querySelectorAll("td:has(a, button)")];

const STEPS = {
  ArrowLeft: (day) => days[days.indexOf(day) - 1],
  ArrowRight: (day) => days[days.indexOf(day) + 1],
  ArrowUp: (day) => closest(day, days.filter((other) => week(other) < week(day)).reverse()),
  ArrowDown: (day) => closest(day, days.filter((other) => week(other) > week(day))),
  Home: (day) => days.find((other) => week(other) === week(day)),
  End: (day) => days.findLast((other) => week(other) === week(day)),
};
const PRESSES = {
  Enter: inside,
  " ": inside,
  PageUp: () => turn.firstElementChild,
  PageDown: () => turn.lastElementChild,
};

if (days.length > 0) {
  const selected = days.find((day) => inside(day).ariaCurrent);
  table.role = "grid";
  selected?.setAttribute("aria-selected", "true");
  // The cell takes the focus, not what is in it: some screen readers keep the arrows of links and
  // buttons for themselves.
  days.forEach((day) => (inside(day).tabIndex = -1));
  stopAt(selected ?? days[0]);
  table.addEventListener("keydown", go);
}

function go(event) {
  const day = event.target.closest("td");
  const [step, press] = [STEPS[event.key], PRESSES[event.key]];
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !(step || press)) return;
  event.preventDefault();
  if (press) {
    press(day).click();
    return;
  }
  const next = step(day) ?? day;
  stopAt(next);
  next.focus();
}

function stopAt(stop) {
  days.forEach((day) => (day.tabIndex = day === stop ? 0 : -1));
}

function inside(day) {
  return day.querySelector("a, button");
}

function week(day) {
  return day.parentElement.rowIndex;
}

function closest(day, others) {
  return others.find((other) => other.cellIndex === day.cellIndex) ?? others[0];
}
