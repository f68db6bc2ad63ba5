// Lets a mouse or a pen drag on the calendar: a demo to another time, or an empty stretch to block.
// Either leads to the form for it, filled in; without JavaScript, or by touch, the forms are there.

const grid = document.querySelector(".time-grid");
const STEP = 15;
const FARTHER_THAN_A_CLICK = 6;

grid?.addEventListener("pointerdown", begin);

function begin(event) {
  const column = event.target.closest(".column");
  const thing = event.target.closest(".thing");
  const ground = column?.querySelector(".ground");
  if (event.button || event.pointerType === "touch" || !ground?.offsetParent) return;
  if (thing ? !thing.dataset.move : !column.dataset.block) return;
  // A link would be dragged as a link.
  if (event.target.closest("h2")) return;
  event.preventDefault();

  const drag = thing ? movement(thing, event) : stretch(column, event);
  const stop = new AbortController();
  const heed = (type, act) => addEventListener(type, act, { signal: stop.signal, capture: true });
  let ghost = null;

  heed("pointermove", (moved) => {
    const way = Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY);
    if (!ghost && way < FARTHER_THAN_A_CLICK) return;
    ghost ??= showGhost();
    place(ghost, drag.to(moved));
  });
  heed("pointerup", (released) => {
    end();
    if (!ghost) return;
    addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    const target = drag.to(released);
    if (target) location.assign(drag.address(target));
  });
  heed("pointercancel", end);
  heed("keydown", (pressed) => pressed.key === "Escape" && end());

  function end() {
    stop.abort();
    ghost?.remove();
  }
}

// Each tells where it would end: column, first and last minute of that day.
function movement(thing, event) {
  const minutes = Number(thing.dataset.minutes);
  const grip = event.clientY - thing.getBoundingClientRect().top;
  const host = thing.closest(".column").dataset.host;

  return {
    to(at) {
      const column = columnAt(at);
      if (column?.dataset.host !== host) return null;
      const first = minuteAt(column, at.clientY - grip);
      return { column, first, last: first + minutes };
    },
    address({ column, first }) {
      const day = column.dataset.on;
      return withFields(thing.dataset.move, {
        day,
        date: day,
        time: clock(first),
        zone: grid.dataset.zone,
      });
    },
  };
}

function stretch(column, event) {
  const begun = minuteAt(column, event.clientY);

  return {
    to(at) {
      const here = minuteAt(column, at.clientY);
      return { column, first: Math.min(begun, here), last: Math.max(begun, here) + STEP };
    },
    address({ first, last }) {
      const day = column.dataset.on;
      return withFields(column.dataset.block, {
        from: `${day}T${clock(first)}`,
        to: `${dayOf(day, last)}T${clock(last)}`,
      });
    },
  };
}

function withFields(address, fields) {
  const url = new URL(address, location);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url;
}

function columnAt({ clientX }) {
  return [...grid.querySelectorAll(".column")].find((column) => {
    const { left, right } = column.getBoundingClientRect();
    return left <= clientX && clientX < right;
  });
}

function minuteAt(column, y) {
  const { top, height } = column.querySelector(".ground").getBoundingClientRect();
  const [first, last] = [grid.dataset.first, grid.dataset.last].map((hour) => 60 * hour);
  const minute = first + ((y - top) / height) * (last - first);
  return Math.min(Math.max(STEP * Math.floor(minute / STEP), first), last - STEP);
}

function showGhost() {
  const ghost = document.createElement("div");
  ghost.className = "thing ghost";
  document.body.append(ghost);
  return ghost;
}

function place(ghost, target) {
  ghost.hidden = !target;
  if (!target) return;
  const box = target.column.querySelector(".ground").getBoundingClientRect();
  const [first, last] = [grid.dataset.first, grid.dataset.last].map((hour) => 60 * hour);
  const scale = box.height / (last - first);
  Object.assign(ghost.style, {
    left: `${box.left}px`,
    top: `${box.top + (target.first - first) * scale}px`,
    width: `${box.width}px`,
    height: `${(target.last - target.first) * scale}px`,
  });
  ghost.textContent = `${clock(target.first)}–${clock(target.last)}`;
}

function clock(minute) {
  const [hours, minutes] = [Math.floor(minute / 60) % 24, minute % 60];
  return [hours, minutes].map((part) => String(part).padStart(2, "0")).join(":");
}

function dayOf(day, minute) {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + Math.floor(minute / (24 * 60)));
  return date.toISOString().slice(0, 10);
}
