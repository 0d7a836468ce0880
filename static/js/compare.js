// The tray: what was chosen on other pages is remembered in this browser, by kind; the address stays the truth of a
// comparison. Without this script the tray sends what is ticked on the page.
const KEY = "compare", KINDS = ["city", "cluster", "project"];
const tray = document.querySelector("#compare-tray"), page = document.querySelector("[data-compared]");

function read() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) || {};
  } catch { /* a browser that keeps nothing, or something else's words */ }
  return Object.fromEntries(KINDS.map((kind) => [kind, Array.isArray(kept[kind]) ? kept[kind].map(String) : []]));
}

function write(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch { /* then it holds for this page */ }
}

let chosen = read();

// A comparison that somebody sent leaves one's own alone until it is taken over. What is changed in one's own is kept.
if (page) {
  const {compared} = page.dataset, offer = page.querySelector("[data-take-over]");
  const shown = [...page.querySelectorAll("[data-value]")].map((item) => item.dataset.value);
  const isOwn = (kind) => String(chosen[kind]) === String(kind === compared ? shown : []);
  const take = (kind, values) => { chosen[kind] = values; write(chosen); };
  const look = () => { chosen = read(); if (offer) offer.hidden = isOwn(compared); };
  page.addEventListener("click", ({target}) => {
    const link = target.closest("a[href^='?']"), asked = new URLSearchParams(link?.search);
    const kind = KINDS.find((word) => asked.has(word)) ?? compared;
    if (link && isOwn(kind)) take(kind, asked.getAll(kind));
  });
  offer?.querySelector("button").addEventListener("click", ({target}) => {
    take(compared, shown);
    target.hidden = true;
    offer.querySelector("[role=status]").textContent = offer.dataset.takeOver;
  });
  addEventListener("pageshow", look);
}

if (tray) {
  const boxes = [...document.querySelectorAll('input[form="compare-tray"]')];
  const [send, none] = tray.querySelectorAll("button"), said = tray.querySelector("[role=status]");
  const row = tray.querySelector(".row"), links = document.createElement("span");
  links.className = "row";
  row.insertBefore(links, send);
  send.hidden = true;
  none.hidden = false;

  const draw = (full = false) => {
    for (const box of boxes) box.checked = chosen[box.name].includes(box.value);
    links.replaceChildren(...KINDS.filter((kind) => chosen[kind].length).map((kind) => {
      const link = document.createElement("a");
      link.className = "button is-firm";
      link.href = `${tray.action}?${new URLSearchParams(chosen[kind].map((value) => [kind, value]))}`;
      link.textContent = tray.dataset[kind] + chosen[kind].length;
      return link;
    }));
    tray.classList.toggle("is-open", links.childElementCount > 0);
    said.textContent = full ? said.dataset.full : "";
  };

  document.addEventListener("change", ({target}) => {
    if (!boxes.includes(target)) return;
    const others = chosen[target.name].filter((value) => value !== target.value);
    const full = target.checked && others.length >= Number(tray.dataset.most);
    if (!full) chosen[target.name] = target.checked ? [...others, target.value] : others;
    write(chosen);
    draw(full);
  });
  none.addEventListener("click", () => {
    chosen = Object.fromEntries(KINDS.map((kind) => [kind, []]));
    write(chosen);
    draw();
  });
  addEventListener("storage", ({key}) => {
    if (key === KEY) { chosen = read(); draw(); }
  });
  addEventListener("pageshow", () => { chosen = read(); draw(); });
}
