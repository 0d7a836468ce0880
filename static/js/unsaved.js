// What is typed into a form stays in this browser until it is saved: a time-out, a crash or a closed tab loses nothing.
// Kept by user and by the address the form is sent to; forgotten when it is saved, thrown away, or its user logs out.
const PREFIX = "unsaved:", SENT = "unsaved-sent", PAUSE = 300, LONGEST = 30 * 24 * 3600 * 1000;
const user = document.querySelector(".staff-nav")?.dataset.user;
// Several forms of a page may be sent to one address: what else they carry along tells them apart.
const carried = (form) => [...form.querySelectorAll("input[type=hidden]")].filter(({name}) => !/^csrfmiddlewaretoken$|^seen$|(^|-)opened$/.test(name)).map(({value}) => value);
const keyOf = (form) => [`${PREFIX}${user}:${new URL(form.action).pathname}`, ...carried(form)].join(" ");
const isKept = (form) => form.querySelector("textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])")
  && !form.querySelector("[type=password], [type=file]");
const forms = user ? [...document.querySelectorAll('main form[method="post"]:not([data-unkept])')].filter(isKept) : [];

const typed = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
const isShown = (form, name) => form.elements[name]?.type !== "hidden";
const shown = (form, fields) => JSON.stringify(fields.filter(([name, value]) => value && isShown(form, name)));

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && Date.now() - found.at < LONGEST ? found : null;
  } catch { return null; }
}
function write(key, fields) {
  try { localStorage.setItem(key, JSON.stringify({at: Date.now(), fields})); } catch { /* full or forbidden: not kept */ }
}

// What was sent last from this tab is saved when the page that answers says so.
function settle() {
  if (!user) return "";
  const sent = sessionStorage.getItem(SENT) ?? "";
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector(".notice.is-success") && !document.querySelector(".error-summary")) localStorage.removeItem(sent);
  return sent;
}

function restore(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit") continue;
    const found = values.get(field.name) ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = found.includes(field.value);
    else if (found.length) field.value = found[0];
    if (found.some(Boolean)) field.closest("details")?.setAttribute("open", "");
  }
  form.dispatchEvent(new Event("input", {bubbles: true}));
}

function offer(form, key, kept, atOnce) {
  const notice = document.getElementById("unsaved").content.firstElementChild.cloneNode(true);
  const [bring, forget] = [notice.querySelector("[data-restore]"), notice.querySelector("[data-forget]")];
  notice.querySelector("time").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
  const bringBack = () => {
    restore(form, kept.fields);
    notice.querySelector("[data-offered]").hidden = bring.hidden = true;
    notice.querySelector("[data-restored]").hidden = false;
  };
  bring.addEventListener("click", bringBack);
  forget.addEventListener("click", () => {
    localStorage.removeItem(key);
    notice.remove();
    if (bring.hidden) { form.reset(); form.dataset.changed = ""; }
  });
  form.before(notice);
  if (atOnce) bringBack();
}

const sent = settle();
for (const form of forms) {
  const key = keyOf(form), before = shown(form, typed(form)), kept = read(key);
  let timer;
  const isAnswer = form.querySelector(".conflict, .error-summary, .has-error");  // it came back with the text in it
  if (kept && !isAnswer && shown(form, kept.fields) !== before) offer(form, key, kept, key === sent);
  form.addEventListener("input", () => {
    form.dataset.changed = shown(form, typed(form)) === before ? "" : "yes";
    clearTimeout(timer);
    timer = setTimeout(() => form.dataset.changed ? write(key, typed(form)) : localStorage.removeItem(key), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (form.dataset.changed) write(key, typed(form));
    sessionStorage.setItem(SENT, key);
    form.dataset.changed = "";
  });
}

addEventListener("beforeunload", (event) => {
  if (forms.some((form) => form.dataset.changed)) event.preventDefault();
});

document.addEventListener("submit", ({target}) => {
  if (!target.matches('[action*="/logout/"]')) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
});
