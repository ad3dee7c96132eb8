/* Follows something that runs: [data-poll] is fetched anew each second until it no longer says so; [data-wait] is gone
   to as soon as it answers without being sent elsewhere. Without this, a link does both. */
"use strict";

const PAUSE_MS = 1000;

const follow = async (element) => {
  let next = element;
  try {
    const answer = await fetch(element.dataset.poll, { credentials: "same-origin" });
    if (answer.ok) {
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      const parts = [...parsed.body.children];
      for (const link of parsed.querySelectorAll('a[href=""]')) link.href = location.pathname + location.search;
      for (const here of parsed.querySelectorAll("[data-here]")) here.value = location.pathname + location.search;
      element.replaceWith(...parts);
      next = parts.find((part) => part.matches("[data-poll]"));
    }
  } catch { /* the server may be away for a moment */ }
  if (next) setTimeout(follow, PAUSE_MS, next);
};

const wait = async (element) => {
  try {
    const answer = await fetch(element.dataset.wait, { redirect: "manual", cache: "no-store" });
    if (answer.ok) {
      location.assign(element.dataset.wait);
      return;
    }
  } catch { /* not yet */ }
  setTimeout(wait, PAUSE_MS, element);
};

for (const element of document.querySelectorAll("[data-poll]")) setTimeout(follow, PAUSE_MS, element);
for (const element of document.querySelectorAll("[data-wait]")) setTimeout(wait, PAUSE_MS * 2, element);
