// A chart that the reader may explore: the same option the server draws from, drawn here by the same engine.
// The engine is large, so it is fetched only when somebody asks for it.

let engine;

function load(address) {
  engine ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.echarts);
    script.onerror = failed;
    document.head.append(script);
  });
  return engine;
}

function theme() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const axis = { axisLabel: { color: token("soft") }, axisLine: { lineStyle: { color: token("soft") } }, splitLine: { lineStyle: { color: token("line") } } };
  return {
    color: [token("jade"), token("jade-mid"), token("brass"), token("vermilion")],
    textStyle: { color: token("ink"), fontFamily: style.getPropertyValue("font-family") },
    legend: { textStyle: { color: token("ink") } },
    categoryAxis: axis, valueAxis: axis, timeAxis: axis,
    bar: { label: { color: token("ink") } }, line: { label: { color: token("ink") } },
  };
}

async function explore(drawing, button) {
  button.disabled = true;
  try {
    const [echarts, answer] = await Promise.all([load(drawing.dataset.engine), fetch(drawing.dataset.chart)]);
    const { option, label, map } = await answer.json();
    if (map) echarts.registerMap("china", await (await fetch(map)).json());
    const room = document.createElement("div");
    room.className = "drawing is-live";
    room.setAttribute("role", "img");
    room.setAttribute("aria-label", label);
    const height = Math.max(drawing.offsetHeight, 200);
    drawing.replaceWith(room);
    const chart = echarts.init(room, theme(), { renderer: "svg", height });
    const moving = matchMedia("(prefers-reduced-motion: no-preference)").matches;
    const trigger = option.xAxis?.type === "time" ? "axis" : "item";
    chart.setOption({ animation: moving, grid: { containLabel: true }, tooltip: { trigger }, ...option });
    chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
    new ResizeObserver(() => chart.resize()).observe(room);
    button.remove();
  } catch {
    button.disabled = false; // the picture stays, and it may be tried again
  }
}

for (const drawing of document.querySelectorAll("[data-chart]:not([data-ready])")) {
  drawing.dataset.ready = "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-quiet no-print";
  button.textContent = drawing.dataset.explore;
  button.addEventListener("click", () => explore(drawing, button));
  drawing.after(button);
}
