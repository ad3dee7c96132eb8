/* Keep [data-live] elements as the server draws them. What is new in a list (data-key) is shown by a short glow; what
   somebody fills in ([data-keep]) stays as it is, for as long as the server still has a place for it. */
"use strict";

const bare = (element) => {
  const copy = element.cloneNode(true);
  for (const each of copy.querySelectorAll("[data-keep]")) each.replaceChildren();
  return copy.innerHTML.replace(/\s+/g, " ").trim();
};

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
    const drawn = document.createElement("div");
    drawn.append(fresh.content);
    if (isFirst && bare(drawn) === bare(element)) return;
    const before = keys();
    const open = [...element.querySelectorAll("details[open][id]")].map((each) => each.id);
    const focus = element.contains(document.activeElement) ? document.activeElement.id : "";
    for (const place of drawn.querySelectorAll("[data-keep]")) {
      const kept = element.querySelector(`[data-keep="${place.dataset.keep}"]`);
      if (kept?.childElementCount) place.replaceWith(kept);
    }
    element.replaceChildren(...drawn.childNodes);
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
