"use strict";
/* What is typed into a form and not sent yet is kept on this computer for the person who types it, and is back
   when they open the form again; it goes when the office has it, when they discard it, and when they leave. */
(function () {
  const PREFIX = "draft:", SENT = "draft-sent";
  let store = null;
  try { store = window.localStorage; store.getItem(PREFIX); } catch { return; }
  const every = function () { return Object.keys(store).filter(function (key) { return key.startsWith(PREFIX); }); };
  const form = document.querySelector("form[data-draft]");
  const key = form ? PREFIX + form.dataset.draft : "";
  const sent = window.sessionStorage.getItem(SENT);
  window.sessionStorage.removeItem(SENT);
  const refused = document.querySelector("main .found") !== null;
  if (sent && !(refused && sent === key)) { store.removeItem(sent); }
  for (const leave of document.querySelectorAll("form[action='/leave']")) {
    leave.addEventListener("submit", function () { for (const one of every()) { store.removeItem(one); } });
  }
  if (!form) { return; }
  const fields = function () {
    return Array.from(form.elements).filter(function (one) {
      return one.name && !["password", "file", "submit", "button"].includes(one.type)
        && (one.type !== "hidden" || one.name === "version");
    });
  };
  const held = function (one) { return one.type === "checkbox" ? one.checked : one.value; };
  const told = document.getElementById("draft");
  let kept = null;
  try { kept = JSON.parse(store.getItem(key)); } catch { kept = null; }
  if (kept && !refused) {
    let changed = false;
    for (const one of fields()) {
      if (!(one.name in kept.values)) { continue; }
      if (one.name !== "version" && held(one) !== kept.values[one.name]) { changed = true; }
      if (one.type === "checkbox") { one.checked = kept.values[one.name]; } else { one.value = kept.values[one.name]; }
    }
    if (changed) {
      const at = new Date(kept.at).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
      told.querySelector("span").textContent = told.dataset.told.replace("…", at);
      told.hidden = false;
    } else { store.removeItem(key); }
  }
  told.querySelector("button").addEventListener("click", function () {
    store.removeItem(key);
    location.reload();
  });
  let waiting = 0;
  const keep = function () {
    clearTimeout(waiting);
    const values = {};
    for (const one of fields()) { values[one.name] = held(one); }
    try { store.setItem(key, JSON.stringify({ at: Date.now(), values: values })); } catch { return; }
  };
  form.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(keep, 300); });
  form.addEventListener("submit", function () { keep(); window.sessionStorage.setItem(SENT, key); });
})();
