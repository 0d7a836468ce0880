// The figures grid: says how an amount is understood as it is typed; Enter goes down a column, as in a sheet.
const grid = document.querySelector(".figures-grid");
const PAUSE = 350;
const box = (row, name) => row.querySelector(`[name$="-${name}"]`);

async function understand(row) {
  const amount = box(row, "amount"), says = row.querySelector(".grid-says");
  row.asking?.abort();
  row.asking = new AbortController();
  const body = new URLSearchParams({amount: amount.value, metric: box(row, "metric").value});
  const headers = {"X-CSRFToken": grid.elements.csrfmiddlewaretoken.value};
  try {
    const answer = await fetch(grid.dataset.amounts, {method: "POST", body, headers, signal: row.asking.signal});
    if (!answer.ok) return;
    const {says: words = "", error = ""} = await answer.json();
    says.textContent = words || error;
    says.classList.toggle("is-wrong", Boolean(error));
    amount.toggleAttribute("aria-invalid", false);
    if (error) amount.setAttribute("aria-invalid", "true");
    row.querySelector(".is-amount > .error")?.remove();
  } catch { /* the next key asks again; saving says it in any case */ }
}

const rows = grid.querySelectorAll(".grid-row");
grid.addEventListener("input", ({target}) => {
  if (target === grid) for (const one of rows) if (box(one, "amount").value !== box(one, "amount").defaultValue) understand(one);  // text brought back
  const row = target.closest(".grid-row");
  if (!row || !/-(amount|metric)$/.test(target.name)) return;
  clearTimeout(row.waiting);
  row.waiting = setTimeout(understand, PAUSE, row);
});

grid.addEventListener("keydown", (event) => {
  const {target, key} = event;
  if (key !== "Enter" || event.isComposing || !target.matches("input:not([type=checkbox])")) return;
  event.preventDefault();
  const column = [...grid.querySelectorAll(`[name$="-${target.name.split("-").pop()}"]`)];
  column[column.indexOf(target) + (event.shiftKey ? -1 : 1)]?.focus();
});
