/* The desk by keyboard: / search, j and k through the rows, Enter opens, n begins an invoice. Works without it too. */
"use strict";

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

const choose = (step) => {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all[now]?.classList.remove("is-current");
  next.classList.add("is-current");
  next.querySelector("[data-open]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (document.querySelector("[data-cash]")) return; // cash application has keys of its own
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "j") choose(1);
  else if (event.key === "k") choose(-1);
  else if (event.key === "x") {
    const tick = document.querySelector("[data-row].is-current .tick");
    if (tick) tick.checked = !tick.checked;
  } else if (event.key === "n") document.querySelector('a[href$="/desk/invoices/new/"]')?.click();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("input[type=search]")) event.target.blur();
});

/* A file dropped on the field is the file chosen. */
for (const place of document.querySelectorAll("[data-drop]")) {
  const field = place.querySelector("input[type=file]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && field && event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }
}

/* One box for all boxes of a page. */
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const tick of document.querySelectorAll(`input.tick[name="${all.dataset.all}"]`)) tick.checked = event.target.checked;
  });
}
