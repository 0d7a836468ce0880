// What a script may add; every page works without it.

// Figures: the card stays inside the window and is closed by Escape or a click elsewhere.
const openFigures = () => document.querySelectorAll("details.figure[open]");

document.addEventListener("toggle", ({target}) => {
  if (!target.matches?.("details.figure") || !target.open) return;
  target.classList.remove("opens-left");
  const card = target.querySelector(".figure-card");
  if (card.getBoundingClientRect().right > document.documentElement.clientWidth) target.classList.add("opens-left");
}, true);

document.addEventListener("keydown", ({key}) => {
  if (key !== "Escape") return;
  for (const figure of openFigures()) {
    if (figure.contains(document.activeElement)) figure.querySelector("summary").focus();
    figure.open = false;
  }
});

document.addEventListener("click", ({target}) => {
  for (const figure of openFigures()) if (!figure.contains(target)) figure.open = false;
});

// A link into what is folded opens it, where the browser does not by itself.
function unfold() {
  const target = document.getElementById(location.hash.slice(1)), folded = target?.closest(".folds:not([open])");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}
unfold();
addEventListener("hashchange", unfold);

// Jobs: ask again until the answer no longer says where to ask. The words change inside a live region.
const PAUSE = 2000, LONGEST = 15000;

async function follow(region, pause = PAUSE) {
  const url = region.querySelector("[data-poll]")?.dataset.poll;
  if (!url) return;
  await new Promise((done) => setTimeout(done, pause));
  if (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, {once: true}));
  try {
    const answer = await fetch(url, {headers: {Accept: "text/html"}, cache: "no-store"});
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".job-status");
    if (fresh && fresh.outerHTML !== region.querySelector(".job-status").outerHTML) region.replaceChildren(fresh);
    follow(region);
  } catch {
    follow(region, Math.min(pause * 2, LONGEST));
  }
}
document.querySelectorAll("[data-job]").forEach((region) => follow(region));

// Forms: ask before what cannot be taken back, and send once. The server holds the rule; this spares the wait.
document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  const question = button?.dataset.confirm || form.dataset.confirm;
  if (form.dataset.sent || (question && !confirm(question))) return event.preventDefault();
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  button?.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}));

// Errors: the summary is read first, and its links put the reader into the field.
document.querySelector(".error-summary")?.focus();

// Filters apply as they are changed; unfolded on a telephone, where they cover the list, all at once by their button.
document.querySelectorAll("form[data-auto-submit]").forEach((form) => {
  form.addEventListener("change", () => form.closest("details[open]") || form.requestSubmit());
  form.addEventListener("formdata", ({formData}) => {  // what is left empty need not stand in the address
    const said = [...formData].filter(([, value]) => value !== "");
    for (const name of new Set(formData.keys())) formData.delete(name);
    for (const [name, value] of said) formData.append(name, value);
  });
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// The sections of a long page: the one being read is marked, and its link kept in sight.
const anchors = document.querySelector("article > .anchors");
if (anchors) {
  const links = new Map([...anchors.querySelectorAll("a[href^='#']")].map((link) => [link.hash.slice(1), link]));
  const mark = (link) => {
    links.forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    const line = link.closest("ul");
    if (!line.contains(document.activeElement)) line.scrollTo({left: link.parentElement.offsetLeft - line.clientWidth / 3});
  };
  const seen = new IntersectionObserver((entries) => {
    for (const {isIntersecting, target} of entries) if (isIntersecting) mark(links.get(target.id));
  }, {rootMargin: "-20% 0px -75%"});
  links.forEach((_link, id) => document.getElementById(id) && seen.observe(document.getElementById(id)));
}
