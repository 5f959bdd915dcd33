// The little that a page does by itself. Everything else is asked of the server and swapped in by htmx.
"use strict";

// One player for the whole page: a round button plays its sound, and stops it when pressed again.
const player = document.getElementById("player");
let playing = null; // the address, since the button may be swapped for its like meanwhile

function mark() {
  for (const button of document.querySelectorAll("[data-play]")) {
    const on = playing === button.dataset.play && !player.paused;
    button.setAttribute("aria-pressed", on);
    button.closest("tr")?.classList.toggle("playing", on);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-play]");
  if (!button || !player) return;
  if (playing === button.dataset.play && !player.paused) {
    player.pause();
    return;
  }
  if (playing !== button.dataset.play || player.ended) {
    playing = button.dataset.play;
    player.src = playing;
  }
  player.play().catch(() => mark());
});
for (const change of ["play", "pause", "ended", "error"]) player?.addEventListener(change, mark);
document.addEventListener("htmx:after:swap", mark);

// A password can be looked at while it is typed.
for (const button of document.querySelectorAll("[data-shows]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.shows);
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", field.type === "text");
  });
}

// A form that is on its way is not sent again by a second click; coming back by Back, it can be.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
