/* The live invoice: say that somebody looks, keep marked what is new to them, show that the page is live. */
"use strict";

const page = document.querySelector(".live-invoice");
const mark = document.querySelector("[data-live-mark]");
const openedAt = new Date();

/* Told by a page that is really looked at: previews and scanners of mail neither wait nor see. */
const beacon = document.querySelector("[data-beacon]");
const tell = () => {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", wait);
  fetch(beacon.action, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
};
const wait = () => { if (document.visibilityState === "visible") setTimeout(tell, 1500); };
document.addEventListener("visibilitychange", wait);
wait();

/* The fragment is the same for everybody; what is new to this reader is marked here again. */
const since = page.dataset.seenAt ? new Date(page.dataset.seenAt) : openedAt;
page.addEventListener("kvit:changed", () => {
  for (const each of page.querySelectorAll("[data-at]")) {
    if (new Date(each.dataset.at) <= since || each.querySelector(".chip")) continue;
    const chip = document.createElement("span");
    chip.className = "chip info";
    chip.textContent = page.dataset.new;
    each.querySelector("b").append(" ", chip);
  }
});

if (mark) mark.hidden = false;
