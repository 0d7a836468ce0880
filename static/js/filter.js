// A long list of choices gets a box above it that narrows it. The list itself stays what is chosen from.
const LONG = 12;
const template = document.getElementById("narrow");
const plain = (words) => words.normalize("NFKC").toLowerCase();

function narrow(select) {
  const box = template.content.firstElementChild.cloneNode(true);
  const [input, said] = [box.querySelector("input"), box.querySelector("[role=status]")];
  const all = [...select.children].map((child) => child.cloneNode(true));
  const label = select.labels?.[0]?.firstChild?.textContent.trim();
  if (label) input.setAttribute("aria-label", `${input.getAttribute("aria-label")}: ${label}`);
  input.setAttribute("aria-controls", select.id);

  function kept(child, words, chosen) {
    if (child.tagName === "OPTGROUP") {
      const group = child.cloneNode(false);
      group.append(...[...child.children].map((option) => kept(option, words, chosen)).filter(Boolean));
      return group.children.length ? group : null;
    }
    const fits = !child.value || child.value === chosen || words.every((word) => plain(child.textContent).includes(word));
    return fits ? child.cloneNode(true) : null;
  }

  function show() {
    const chosen = select.value, words = plain(input.value).split(/\s+/).filter(Boolean);
    select.replaceChildren(...all.map((child) => kept(child, words, chosen)).filter(Boolean));
    select.value = chosen;
    said.textContent = words.length ? said.dataset.found.replace("%(count)s", fitting(words).length) : "";
  }
  const fitting = (words) => [...select.options].filter(({value, text}) => value && words.every((word) => plain(text).includes(word)));

  input.addEventListener("input", (event) => { event.stopPropagation(); show(); });
  input.addEventListener("change", (event) => event.stopPropagation());  // nothing of the form has changed
  input.addEventListener("keydown", (event) => {
    if (!["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const [first] = fitting(plain(input.value).split(/\s+/).filter(Boolean));
    if (event.key === "Enter" && input.value && first) {
      select.value = first.value;
      for (const told of ["input", "change"]) select.dispatchEvent(new Event(told, {bubbles: true}));
    }
    select.focus();
  });
  select.before(box);
}

if (template) for (const select of document.querySelectorAll("main form:not([data-plain]) select")) if (select.options.length > LONG && !select.multiple) narrow(select);
