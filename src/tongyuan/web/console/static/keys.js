"use strict";
(function () {
  const help = document.getElementById("keys");
  if (!help) { return; }
  const on = help.querySelector("input[type=checkbox]");
  const typing = "input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=submit]), textarea, select";
  let kept = null, waiting = 0;
  try { kept = window.localStorage.getItem("keys"); } catch { kept = null; }
  on.checked = kept !== "off";
  on.addEventListener("change", function () {
    try { window.localStorage.setItem("keys", on.checked ? "on" : "off"); } catch { return; }
  });
  const toggle = function () { if (help.open) { help.close(); } else { help.showModal(); } };
  for (const button of document.querySelectorAll("[data-keys]")) { button.addEventListener("click", toggle); }
  const follow = function (link) { if (link) { link.click(); } };
  const single = {
    "?": toggle,
    "/": function () {
      const field = document.querySelector("main [role=search] select, main [role=search] input:not([type=hidden])");
      if (field) { field.focus(); }
    },
    "j": function () { follow(document.querySelector("main a[rel=next]")); },
    "k": function () { follow(document.querySelector("main a[rel=prev]")); },
  };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest(typing);
    if (!on.checked || busy) { return; }
    if (waiting) {
      clearTimeout(waiting);
      waiting = 0;
      const link = help.querySelector("[data-go='" + CSS.escape(event.key) + "']");
      if (link) { event.preventDefault(); location.assign(link.dataset.to); }
    } else if (event.key === "g" && !help.open) {
      waiting = setTimeout(function () { waiting = 0; }, 1500);
    } else if (single[event.key] && (!help.open || event.key === "?")) {
      event.preventDefault();
      single[event.key]();
    }
  });
})();
