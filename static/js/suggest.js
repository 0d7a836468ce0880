// Suggestions under a search box: titles and names that begin as typed. Without this file the form searches as well.
const PAUSE = 150;

function suggest(input) {
  const list = document.createElement("ul"), said = document.createElement("span");
  Object.assign(list, {id: `${input.id}-list`, className: "suggestions", role: "listbox", hidden: true});
  Object.assign(said, {className: "visually-hidden", role: "status"});
  list.setAttribute("aria-label", input.dataset.listLabel);
  for (const [name, value] of Object.entries({role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false"})) input.setAttribute(name, value);
  input.form.append(list, said);
  let timer, asking, active = -1;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    active = (index + options.length + 1) % (options.length + 1); // one past the last is the box itself
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active));
    const option = options[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({block: "nearest"});
  }

  function show(items) {
    if (!items.length) { said.textContent = ""; return close(); }
    list.replaceChildren(...items.map(({label, lang, place, url}, at) => {
      const option = document.createElement("li"), name = document.createElement("span"), where = document.createElement("span");
      Object.assign(option, {id: `${list.id}-${at}`, role: "option"});
      Object.assign(name, {textContent: label, lang});
      Object.assign(where, {textContent: place, className: "meta"});
      option.dataset.url = url;
      option.setAttribute("aria-selected", "false");
      option.append(name, where);
      return option;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    said.textContent = input.dataset.found.replace("%(count)s", items.length);
  }

  async function ask() {
    const query = input.value.trim();
    asking?.abort();
    if (!query) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggestions}?q=${encodeURIComponent(query)}`, {signal: asking.signal});
      if (answer.ok) show((await answer.json()).items);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
  input.addEventListener("input", (event) => event.isComposing || later()); // not while an input method composes
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", ({target}) => { const option = target.closest("[role=option]"); if (option) location.assign(option.dataset.url); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" && list.hidden) { event.preventDefault(); return ask(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? active + 1 : active < 0 ? list.children.length - 1 : active - 1);
    } else if (event.key === "Enter" && list.children[active]) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape") {
      event.preventDefault(); // first the list, then what was typed
      close();
    }
  });
}
document.querySelectorAll("input[data-suggestions]").forEach(suggest);
