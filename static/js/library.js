// The media library: files one by one with their progress, and the focal point by a click. All works without it.

const form = document.querySelector("[data-upload]");
if (form) {
  const input = form.querySelector("input[type=file]"), list = form.querySelector(".upload__files");
  const said = form.dataset, done = form.querySelector(".upload__done");
  form.querySelector(".upload__hint").hidden = false;
  form.querySelector(".actions").hidden = true;
  let queue = Promise.resolve(), waiting = 0, kept = 0, refused = 0;

  function line(file) {
    const item = document.createElement("li"), name = document.createElement("span");
    name.textContent = file.name;
    const bar = document.createElement("progress"), state = document.createElement("span");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    state.textContent = said.waiting;
    item.append(name, bar, state);
    list.append(item);
    list.hidden = false;
    return {
      tell: (words) => { state.textContent = words; },
      reach: (part) => { bar.value = part; },
      fail: (words) => {
        refused += 1;
        bar.remove();
        state.className = "error";
        state.textContent = words;
      },
    };
  }

  const send = (file, row) => new Promise((resolve) => {
    const request = new XMLHttpRequest(), body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("files", file);
    row.tell(said.sending);
    request.upload.addEventListener("progress", ({loaded, total}) => row.reach(0.9 * loaded / total));
    request.upload.addEventListener("load", () => row.tell(said.reading));
    request.addEventListener("loadend", () => {
      const {kept: stored, errors} = request.response || {};
      if (stored) {
        kept += 1;
        row.reach(1);
        row.tell(said.kept);
      } else row.fail(errors?.join(" ") || said.failed);
      resolve();
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.send(body);
  });

  function take(files) {
    for (const file of files) {
      const row = line(file), most = /\.pdf$/i.test(file.name) ? input.dataset.mostPdf : input.dataset.most;
      if (file.size > most) {
        row.fail(said.large);
        continue;
      }
      waiting += 1;
      queue = queue.then(() => send(file, row)).then(finish);
    }
    input.value = "";
  }

  function finish() {
    waiting -= 1;
    if (waiting) return;
    if (kept && !refused) location.assign(done.querySelector("a").href);
    else done.hidden = !kept;
  }

  input.addEventListener("change", () => take(input.files));
  for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

const whole = document.querySelector("[data-focal]");
if (whole) {
  const fields = ["x", "y"].map((axis) => document.querySelector(`[name=focal_${axis}]`));
  const point = document.createElement("span");
  point.className = "focal__point";
  whole.after(point);
  document.querySelector(".focal__hint").hidden = false;

  function show() {
    const [x, y] = fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
    point.style.left = `${x}%`;
    point.style.top = `${y}%`;
    for (const crop of document.querySelectorAll(".focal__crop")) {
      crop.className = crop.className.replace(/ ?focus-[xy]\d+/g, "");
      crop.classList.add(`focus-x${Math.round(x / 10)}`, `focus-y${Math.round(y / 10)}`);
    }
  }

  whole.addEventListener("click", ({offsetX, offsetY}) => {
    fields[0].value = Math.round(100 * offsetX / whole.clientWidth);
    fields[1].value = Math.round(100 * offsetY / whole.clientHeight);
    show();
  });
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}
