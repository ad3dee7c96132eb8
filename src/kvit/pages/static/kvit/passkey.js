/* Passkeys: their buttons show where the browser knows them, and a refusal is said on the page. */
"use strict";

if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const element of document.querySelectorAll("[data-passkey-failed]")) element.hidden = false;
});
