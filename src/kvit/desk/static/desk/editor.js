/* The editor by keyboard: Alt+N more lines, Ctrl+S saves, Ctrl+Enter previews. Works without it too. */
"use strict";

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("[data-editor]");
  if (!form) return;
  const press = (mark) => {
    event.preventDefault();
    form.requestSubmit(form.querySelector(mark));
  };
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.altKey && event.code === "KeyN") press("[data-more]");
  else if (isCommand && !event.shiftKey && event.key.toLowerCase() === "s") press("[data-save]");
  else if (isCommand && event.key === "Enter") press("[data-preview]");
});

document.querySelector("[data-shown]")?.scrollIntoView({ block: "start" });
