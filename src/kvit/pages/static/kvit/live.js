/* Keep [data-live] elements as the server draws them. What is new in a list (data-key) is shown by a short glow. */
"use strict";

for (const element of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(element.dataset.live);
  let last = null;
  const keys = () => new Set([...element.querySelectorAll("[data-key]")].map((each) => each.dataset.key));
  source.addEventListener("fragment", (event) => {
    if (event.data === last) return;
    const isFirst = last === null;
    last = event.data;
    const fresh = document.createElement("template");
    fresh.innerHTML = event.data;
    if (isFirst && fresh.innerHTML.replace(/\s+/g, " ").trim() === element.innerHTML.replace(/\s+/g, " ").trim()) return;
    const before = keys();
    const open = [...element.querySelectorAll("details[open][id]")].map((each) => each.id);
    const focus = element.contains(document.activeElement) ? document.activeElement.id : "";
    element.replaceChildren(fresh.content);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    for (const each of element.querySelectorAll("[data-key]")) {
      if (!before.has(each.dataset.key)) each.classList.add("arrived");
    }
    element.dispatchEvent(new CustomEvent("kvit:changed", { bubbles: true }));
  });
  source.addEventListener("error", () => document.documentElement.classList.add("is-stale"));
  source.addEventListener("open", () => document.documentElement.classList.remove("is-stale"));
  window.addEventListener("pagehide", () => source.close());
}
