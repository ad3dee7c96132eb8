/* What a page can do beyond reading: copy, close, say that the line is broken. Everything works without it. */
"use strict";

document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard.writeText(copier.dataset.copy).then(() => {
      const before = copier.textContent;
      copier.textContent = copier.dataset.done;
      setTimeout(() => { copier.textContent = before; }, 1600);
    });
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest(closer.dataset.close)?.remove();
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
  for (const dialog of document.querySelectorAll("details.dialog[open]")) {
    if (!dialog.contains(event.target)) dialog.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const dialog of document.querySelectorAll("details.dialog[open]")) {
    dialog.open = false;
    dialog.querySelector("summary").focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

const offline = () => document.documentElement.classList.toggle("is-offline", !navigator.onLine);
window.addEventListener("online", offline);
window.addEventListener("offline", offline);
offline();

/* A refused or broken request shows its own words; htmx would say nothing. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (status === 422 || status === 409) event.detail.shouldSwap = true;
});
const broken = () => {
  const template = document.getElementById("toast-broken");
  if (template) document.querySelector(".toasts").append(template.content.cloneNode(true));
};
document.addEventListener("htmx:sendError", broken);
document.addEventListener("htmx:responseError", (event) => {
  if (![401, 409, 422].includes(event.detail.xhr.status)) broken();
});
