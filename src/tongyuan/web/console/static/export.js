"use strict";
(function () {
  const tools = document.getElementById("export");
  const save = function (name, kind, content) {
    const link = document.createElement("a");
    link.href = "data:" + kind + "," + content;
    link.download = name;
    link.click();
  };
  const drawn = function (box) {
    const source = box.matches("svg") ? box : box.querySelector("svg");
    if (!source) { return null; }
    const copy = source.cloneNode(true), frame = source.viewBox.baseVal;
    const width = frame.width || source.clientWidth, height = frame.height || source.clientHeight;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of [["width", width], ["height", height], ["fill", "#fff"]]) { ground.setAttribute(name, value); }
    copy.prepend(ground);
    return { text: encodeURIComponent(new XMLSerializer().serializeToString(copy)), width: width, height: height };
  };
  const quoted = function (value) {
    if (value === null || value === undefined) { return ""; }
    if (typeof value === "number") { return String(value); }
    const text = String(value), safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const rows = function (option) {
    const axis = [].concat(option.xAxis || [], option.yAxis || []).find(function (one) { return one.data; });
    const made = [];
    for (const series of option.series) {
      for (const link of series.links || series.edges || []) { made.push([series.name, link.source, link.target, link.value]); }
      (series.links || series.edges ? [] : series.data || []).forEach(function (datum, number) {
        const value = datum !== null && typeof datum === "object" && !Array.isArray(datum) ? datum.value : datum;
        const label = (datum && datum.name) || (axis && axis.data[number] !== undefined ? axis.data[number].value || axis.data[number] : "");
        made.push([series.name, label].concat(value));
      });
    }
    return made;
  };
  const keep = function (box, kind) {
    const name = (box.dataset.export || box.id || "chart") + "." + kind;
    if (kind === "csv") {
      const table = rows(echarts.getInstanceByDom(box).getOption());
      const text = table.map(function (row) { return row.map(quoted).join(","); }).join("\r\n");
      save(name, "text/csv;charset=utf-8", encodeURIComponent("\ufeff" + text + "\r\n"));
      return;
    }
    const made = drawn(box);
    if (!made) { return; }
    if (kind === "svg") { save(name, "image/svg+xml;charset=utf-8", made.text); return; }
    const image = new Image();
    image.addEventListener("load", function () {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * made.width;
      canvas.height = 2 * made.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.href = canvas.toDataURL("image/png");
      link.download = name;
      link.click();
    });
    image.src = "data:image/svg+xml;charset=utf-8," + made.text;
  };
  for (const box of document.querySelectorAll("[data-chart], svg[data-export]")) {
    const line = tools.content.cloneNode(true).firstElementChild;
    for (const button of line.querySelectorAll("button")) {
      if (button.dataset.as === "csv" && box.matches("svg")) { button.remove(); continue; }
      button.addEventListener("click", function () { keep(box, button.dataset.as); });
    }
    box.after(line);
  }
})();
