/* Cash application by keyboard, and the live remainder of a split in whole minor units. Everything works without it. */
"use strict";

const app = document.querySelector("[data-cash]");
const one = (selector) => document.querySelector(selector);
const choices = () => [...document.querySelectorAll("[data-choice]")];
const isTaken = () => Boolean(one("[data-taken]"));

const pick = (step) => {
  const all = choices();
  if (!all.length) return;
  const now = all.findIndex((each) => each.classList.contains("is-picked"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  next.closest("[data-weak]")?.setAttribute("open", "");
  for (const each of all) {
    each.classList.toggle("is-picked", each === next);
    each.querySelector("[data-confirm] button")?.classList.toggle("primary", each === next);
  }
  next.scrollIntoView({ block: "nearest" });
};

const open = (id, field) => {
  const part = document.getElementById(id);
  if (!part) return;
  part.open = true;
  const first = part.querySelector(field);
  first?.focus();
  first?.select?.();
};

const leave = (address) => { if (address) location.assign(address); };

const send = (form) => {
  if (!form || form.dataset.sent) return;
  form.dataset.sent = "1";
  form.requestSubmit();
};

const confirm = () => {
  if (isTaken()) return leave(app.dataset.after);
  send(one("[data-choice].is-picked [data-confirm]") || (choices().length ? null : one("[data-confirm]")));
};

const keys = {
  j: () => leave(app?.dataset.after),
  k: () => leave(app?.dataset.before),
  ArrowDown: () => pick(1),
  ArrowUp: () => pick(-1),
  s: () => open("split", "input[data-part]"),
  a: () => open("aside", "select"),
  b: () => leave(one("[data-alike]")?.href),
  u: () => send(one("[data-undo]")),
  "/": () => one("#cash-search")?.focus(),
  "?": () => { const all = one("#keys"); if (all) { all.open = !all.open; all.scrollIntoView({ block: "nearest" }); } },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const field = event.target.closest("input, textarea, select");
  if (field) {
    if (event.key === "Escape") field.blur();
    if (field.type !== "checkbox" || event.key !== "Enter") return;
  }
  if (event.key === "Enter") {
    if (event.target.closest("a, button, summary")) return;
    event.preventDefault();
    if (app) confirm();
    else send(one("[data-alike-form]"));
  } else if (keys[event.key] && !event.repeat) {
    event.preventDefault();
    keys[event.key]();
  }
});

/* Amounts as people write them, read into whole minor units: digits only, never a fraction. */
const minor = (text, places, mark, group) => {
  let bare = text.replace(/[\s\u00a0\u202f']/g, "").replace("\u2212", "-");
  if (bare === "") return 0;
  const sign = bare.startsWith("-") ? -1 : 1;
  bare = bare.replace(/^-/, "");
  if (!/^[\d.,]*\d[\d.,]*$/.test(bare)) return null;
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  let whole = bare, rest = "";
  if (last >= 0) {
    const at = bare[last], other = at === "." ? "," : ".";
    const tail = bare.slice(last + 1), before = bare.slice(0, last);
    if (before.includes(at) || (tail.length === 3 && !before.includes(other) && at === group)) whole = bare.replaceAll(at, "");
    else if (tail.length === 3 && !before.includes(other) && at !== mark) return null;
    else { whole = before.replaceAll(other, "") || "0"; rest = tail; }
  }
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(rest) || /[^0]/.test(rest.slice(places))) return null;
  const found = Number(whole + rest.slice(0, places).padEnd(places, "0"));
  return Number.isSafeInteger(found) ? sign * found : null;
};

const written = (amount, places, { mark, group, minus }) => {
  const digits = String(Math.abs(amount)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, group);
  return (amount < 0 ? minus : "") + whole + (places ? mark + digits.slice(-places) : "");
};

const split = one("[data-split]");
const left = one("[data-left]");

const workOut = () => {
  const places = Number(split.dataset.places), { mark, group } = app.dataset;
  let rest = Number(split.dataset.split);
  let isOdd = false;
  for (const field of split.querySelectorAll("[data-part]")) {
    const typed = minor(field.value, places, mark, group);
    if (typed === null) isOdd = true;
    else rest += Number(field.dataset.part) * typed;
    field.setAttribute("aria-invalid", String(typed === null));
  }
  const amount = `${written(Math.abs(rest), places, app.dataset)}\u00a0${split.dataset.sign}`;
  const said = isOdd ? left.dataset.odd : rest === 0 ? left.dataset.even : rest > 0 ? left.dataset.over : left.dataset.under;
  left.querySelector("b").textContent = said.replace("%(amount)s", amount);
  left.classList.toggle("is-under", isOdd || rest < 0);
  left.classList.toggle("is-even", !isOdd && rest === 0);
};

if (split && left) {
  split.addEventListener("input", workOut);
  workOut();
}
if (one("#split")?.open && location.hash === "#split") open("split", "input[data-part]");

/* Somebody else was faster: what could be decided here cannot any more. Or the robot suggests something else by now. */
const suggested = () => one("[data-suggests]")?.dataset.suggests ?? "";
const saw = suggested();
const close = () => {
  one("[data-open-decision]")?.toggleAttribute("inert", isTaken());
  one("[data-changed]")?.toggleAttribute("hidden", isTaken() || suggested() === saw);
};
document.addEventListener("kvit:changed", close);
close();
one(".cash-queue [aria-current]")?.scrollIntoView({ block: "nearest" });
