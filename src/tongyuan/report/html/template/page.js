"use strict";
(function () {
  const options = JSON.parse(document.getElementById("chart-data").textContent);
  const charts = [];
  const format = function (value) {
    if (value === null || value === undefined || Number.isNaN(value)) { return "–"; }
    if (typeof value !== "number") { return String(value); }
    return value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 4 });
  };
  const font = getComputedStyle(document.body).fontFamily;
  for (const box of document.querySelectorAll("[data-chart]")) {
    const option = options[Number(box.dataset.chart)];
    option.textStyle = Object.assign({ fontFamily: font }, option.textStyle);
    option.tooltip = Object.assign({ valueFormatter: format }, option.tooltip);
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option);
    charts.push(chart);
  }
  const scalable = function () {
    for (const drawing of document.querySelectorAll("[data-chart] svg")) {
      drawing.setAttribute("aria-hidden", "true");
      drawing.setAttribute("viewBox", "0 0 " + drawing.getAttribute("width") + " " + drawing.getAttribute("height"));
    }
  };
  scalable();
  let waiting = 0;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      if (!window.matchMedia("print").matches) {
        charts.forEach(function (chart) { chart.resize(); });
        scalable();
      }
    }, 150);
  });
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });
  document.documentElement.dataset.charts = String(charts.length);
})();
