"use strict";
(function () {
  const narrow = window.matchMedia("(max-width: 1000px)");
  const contents = document.querySelector(".contents");
  if (contents && narrow.matches) { contents.open = false; }
  for (const moment of document.querySelectorAll("time[datetime*='+00:00']")) {
    const at = new Date(moment.dateTime);
    if (!Number.isNaN(at.getTime())) {
      moment.textContent = at.toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
    }
  }
  for (const menu of document.querySelectorAll("details.menu")) {
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }
  const form = document.querySelector("[data-solve]");
  if (form) {
    let waiting = 0, asked = 0;
    const solve = function () {
      const number = ++asked;
      form.setAttribute("aria-busy", "true");
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) })
        .then(function (answer) { return answer.text(); })
        .then(function (text) {
          if (number !== asked) { return; }
          const made = new DOMParser().parseFromString(text, "text/html");
          const found = made.querySelector(".found"), shown = document.querySelector(".found");
          if (shown) { shown.remove(); }
          if (found) { document.querySelector(".solve").before(document.adoptNode(found)); }
          const part = made.getElementById("answer");
          if (part) { document.getElementById("answer").replaceWith(document.adoptNode(part)); }
          form.removeAttribute("aria-busy");
        });
    };
    for (const range of form.querySelectorAll("input[type=range]")) {
      const field = document.getElementById(range.dataset.for);
      range.addEventListener("input", function () {
        field.value = String(Number(Number(range.value).toPrecision(4)));
        clearTimeout(waiting);
        waiting = setTimeout(solve, 250);
      });
      field.addEventListener("input", function () { range.value = field.value; });
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); solve(); });
  }
  if (document.querySelector("[data-refresh]")) {
    setTimeout(function () { location.reload(); }, 5000);
  }
})();
