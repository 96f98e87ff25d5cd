"use strict";
(function () {
  const options = JSON.parse(document.getElementById("chart-data").textContent);
  const charts = new Map();
  const narrow = window.matchMedia("(max-width: 1000px)");
  const format = function (value) {
    if (value === null || value === undefined || Number.isNaN(value)) { return "–"; }
    if (typeof value !== "number") { return String(value); }
    return value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 4 });
  };
  const font = getComputedStyle(document.body).fontFamily;
  const hidden = function (box) { return box.closest("details:not([open]), [hidden]") !== null; };
  const scalable = function (box) {
    for (const drawing of box.querySelectorAll("svg")) {
      drawing.setAttribute("aria-hidden", "true");
      drawing.setAttribute("viewBox", "0 0 " + drawing.getAttribute("width") + " " + drawing.getAttribute("height"));
    }
  };
  const draw = function () {
    for (const box of document.querySelectorAll("[data-chart]")) {
      if (charts.has(box) || hidden(box)) { continue; }
      const option = options[Number(box.dataset.chart)];
      option.textStyle = Object.assign({ fontFamily: font }, option.textStyle);
      option.tooltip = Object.assign({ valueFormatter: format }, option.tooltip);
      if (option.legend && box.clientWidth < 600) { option.legend.type = "scroll"; }
      const chart = echarts.init(box, null, { renderer: "svg" });
      chart.setOption(option);
      charts.set(box, chart);
      scalable(box);
    }
    document.documentElement.dataset.charts = String(charts.size);
    document.documentElement.dataset.height = String(document.documentElement.scrollHeight);
  };
  const resize = function () {
    if (window.matchMedia("print").matches) { return; }
    charts.forEach(function (chart, box) {
      if (!hidden(box)) { chart.resize(); scalable(box); }
    });
  };
  let waiting = 0;
  window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(resize, 150); });
  document.addEventListener("toggle", draw, true);
  for (const select of document.querySelectorAll(".choice select")) {
    select.addEventListener("change", function () {
      for (const part of select.closest(".choice").querySelectorAll("[data-option]")) {
        part.hidden = part.dataset.option !== select.value;
      }
      draw();
    });
  }
  const contents = document.querySelector(".contents");
  if (contents && narrow.matches) {
    contents.open = false;
    contents.addEventListener("click", function (event) {
      if (event.target.closest("a")) { contents.open = false; }
    });
  }
  const button = document.querySelector(".unfold");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const open = button.getAttribute("aria-pressed") !== "true";
      for (const part of document.querySelectorAll("main details")) { part.open = open; }
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? button.dataset.close : button.dataset.open;
      draw();
    });
  }
  const reveal = function () {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = aim && aim.closest("details"); part; part = part.parentElement.closest("details")) {
      part.open = true;
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  draw();
})();
