// What a page cannot do without a script: keep what is being typed, say that the connection is lost, and mark a form
// as sent. Everything else is the server's.
(() => {
  "use strict";
  const kept = (form) => `draft:${form.dataset.draft}`;
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type));

  function write(form) {
    const values = fields(form).map((field) => [field.name, field.value, field.type === "checkbox" || field.type === "radio" ? field.checked : null]);
    sessionStorage.setItem(kept(form), JSON.stringify(values));
  }

  function bringBack(form) {
    const text = sessionStorage.getItem(kept(form));
    if (!text || form.dataset.filled) return;
    let changed = false;
    for (const [name, value, ticked] of JSON.parse(text)) {
      for (const field of fields(form).filter((each) => each.name === name)) {
        if (ticked === null) {
          if (field.value !== value) { field.value = value; changed = true; }
        } else if (field.value === value && field.checked !== ticked) { field.checked = ticked; changed = true; }
      }
    }
    const note = form.querySelector("[data-draft-note]");
    if (changed && note) note.hidden = false;
    if (changed) form.dispatchEvent(new Event("change")); // whatever is drawn from the form is drawn anew
  }

  // A decision that asks for several things keeps a draft for each of them behind its own name.
  function forget(draft) {
    for (const key of Object.keys(sessionStorage)) if (key === draft || key.startsWith(`${draft}/`)) sessionStorage.removeItem(key);
  }

  function setUp(root) {
    for (const form of root.querySelectorAll("form[data-draft]")) {
      if (form.dataset.kept) continue;
      form.dataset.kept = "1";
      bringBack(form);
    }
    for (const done of root.querySelectorAll("[data-done]")) forget(`draft:${done.dataset.done}`);
    for (const form of root.querySelectorAll("form[data-leaves]")) form.addEventListener("submit", () => sessionStorage.clear());
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  function say(lost) {
    const place = document.getElementById("connection");
    if (!place) return;
    place.textContent = lost ? place.dataset.lost : "";
    place.hidden = !lost;
  }

  // A field may stand outside the form it belongs to, so that its events pass the form by.
  document.addEventListener("input", (event) => { const form = event.target.form; if (form?.dataset.draft) write(form); });
  document.addEventListener("DOMContentLoaded", () => setUp(document));
  document.addEventListener("htmx:after:swap", () => setUp(document));
  document.addEventListener("htmx:error", () => say(!navigator.onLine || true));
  document.addEventListener("htmx:after:request", (event) => { if (event.detail?.ctx?.response) say(false); });
  window.addEventListener("offline", () => say(true));
  window.addEventListener("online", () => say(false));
  // A second click while the first is under way sends nothing: the key in the form would answer it the same anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (!navigator.onLine) { event.preventDefault(); say(true); return; } // the page with what was typed stays
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });
})();
