// Rows are put in order by dragging their handle or by the arrow keys on it; the buttons beside it do without a script.
const form = document.getElementById("order"), said = document.querySelector("[data-order-said]"), PAUSE = 700;
let timer;

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-row]")];

function announce(list, row) {
  const rows = rowsOf(list), name = row.querySelector("h2, h3, b, th")?.textContent.trim() ?? "";
  said.textContent = said.dataset.place.replace("%(name)s", name).replace("%(place)s", rows.indexOf(row) + 1).replace("%(count)s", rows.length);
  for (const [place, other] of rows.entries()) {
    other.querySelector('[name="up"]')?.setAttribute("aria-disabled", place === 0);
    other.querySelector('[name="down"]')?.setAttribute("aria-disabled", place === rows.length - 1);
  }
}

async function save(list) {
  const body = new FormData(form);
  body.set("rows", rowsOf(list).map((row) => row.dataset.row).join(","));
  try {
    const answer = await fetch(form.action, {method: "POST", body, headers: {Accept: "text/plain"}, redirect: "error"});
    said.textContent = answer.ok || answer.status === 409 ? await answer.text() : said.dataset.failed;
    if (answer.ok) await refresh();
  } catch {
    said.textContent = said.dataset.failed;
  }
}

// What the page says of the order, such as where it deviates from a proposal.
async function refresh() {
  const parts = document.querySelectorAll("[data-fresh]");
  if (!parts.length) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href, {cache: "no-store"})).text(), "text/html");
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
}

function moved(list, row) {
  announce(list, row);
  clearTimeout(timer);
  timer = setTimeout(() => save(list), PAUSE);
}

function step(list, row, by) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches("[data-row]")) return;
  by < 0 ? other.before(row) : other.after(row);
  moved(list, row);
}

// Not captured by the handle: a row that moves in the page would lose it.
function drag(list, row) {
  const ended = new AbortController(), {signal} = ended;
  row.classList.add("is-dragged");
  document.addEventListener("pointermove", ({clientX, clientY}) => {
    const over = document.elementFromPoint(clientX, clientY)?.closest("[data-row]");
    if (!over || over === row || over.parentElement !== list) return;
    const {top, height} = over.getBoundingClientRect();
    clientY < top + height / 2 ? over.before(row) : over.after(row);
  }, {signal});
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => {
    ended.abort();
    row.classList.remove("is-dragged");
    moved(list, row);
  }, {signal});
}

for (const list of form ? document.querySelectorAll("[data-order]") : []) {
  for (const row of rowsOf(list)) {
    const handle = row.querySelector("[data-handle]");
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => { event.preventDefault(); handle.focus(); drag(list, row); });
    handle.addEventListener("keydown", (event) => {
      if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      step(list, row, event.key === "ArrowUp" ? -1 : 1);
      handle.focus();
    });
    for (const [name, by] of [["up", -1], ["down", 1]]) row.querySelector(`[name="${name}"]`).addEventListener("click", (event) => {
      event.preventDefault();
      step(list, row, by);
      event.currentTarget.focus();
    });
  }
}
