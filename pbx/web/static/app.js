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

// The large player's curve is coloured as far as it has been played.
function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
player?.addEventListener("timeupdate", () => {
  const box = document.querySelector(`[data-player="${CSS.escape(playing ?? "")}"]`);
  if (!box || !player.duration) return;
  box.querySelector("clipPath rect").setAttribute("width", (480 * player.currentTime) / player.duration);
  box.querySelector("[data-at]").textContent = length(player.currentTime);
  box.querySelector("[data-whole]").textContent = length(player.duration);
});

// What is marked so opens in a dialog on the page; with another key, or without scripts, it is a page of its own.
// The address may become that of a call in it, so that a reload goes on with the call; with the dialog that goes, too.
const dialog = document.getElementById("dialog");
let beneath = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || !dialog || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const here = location.href;
  htmx.ajax("GET", link.getAttribute("href"), { target: dialog, swap: "innerHTML" }).then(() => {
    if (!dialog.firstElementChild) return; // it led to another page
    if (!dialog.open) {
      beneath = here;
      dialog.showModal();
    }
    (dialog.querySelector("[autofocus]") ?? dialog.querySelector("h1"))?.focus();
  });
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) dialog.close();
});
dialog?.addEventListener("close", () => {
  if (dialog.open) return;
  history.replaceState(history.state, "", beneath);
  htmx.swap({ target: dialog, text: "", swap: "innerHTML" });
});

// A password can be looked at while it is typed.
for (const button of document.querySelectorAll("[data-shows]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.shows);
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", field.type === "text");
  });
}

// A form that is on its way is not sent again by a second click; coming back by Back, it can be. So it can where the
// browser has asked whether the page may be left in the middle of a call, and it may not, which nobody tells: whoever
// stays has the page before them still, a moment later.
const STAYED_MS = 1500;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
function sendable() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}
addEventListener("pageshow", sendable);
addEventListener("beforeunload", (event) => setTimeout(() => event.defaultPrevented && setTimeout(sendable, STAYED_MS)));

// New audio from this browser: a file with progress, or the microphone. Each is sent as the body of one request.
function told(form, name, text) {
  const place = form.querySelector(`[data-${name}]`);
  place.textContent = text;
  if (name === "wrong") place.hidden = !text;
}
// Nothing of the form can be used until there is an answer, so that nothing is kept twice.
function send(form, url, blob, name, bar) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const usable = [...form.querySelectorAll("button, input")];
  const focused = document.activeElement;
  for (const one of usable) one.disabled = true;
  const failed = (why) => {
    delete form.dataset.sent;
    for (const one of usable) one.disabled = false;
    if (usable.includes(focused)) focused.focus();
    if (bar) bar.hidden = true;
    told(form, "told", "");
    told(form, "wrong", why || form.dataset.away);
  };
  const request = new XMLHttpRequest();
  request.open("PUT", `${url}&name=${encodeURIComponent(name)}`);
  request.upload.addEventListener("progress", (event) => {
    if (!bar) return;
    bar.hidden = false;
    bar.value = (100 * event.loaded) / event.total;
    told(form, "told", `${form.dataset.sending} ${Math.round(bar.value)} %`);
  });
  request.upload.addEventListener("load", () => told(form, "told", form.dataset.working));
  request.addEventListener("load", () => {
    if (request.status === 201) {
      location.href = request.getResponseHeader("Location");
      return;
    }
    failed(request.responseText);
  });
  request.addEventListener("error", () => failed(""));
  told(form, "wrong", "");
  request.send(blob);
}

for (const form of document.querySelectorAll("[data-upload]")) {
  const take = (file) => file && send(form, form.dataset.upload, file, file.name, form.querySelector("[data-bar]"));
  form.querySelector("input").addEventListener("change", (event) => take(event.target.files[0]));
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
}

for (const form of document.querySelectorAll("[data-preview]")) {
  form.querySelector("[data-listen]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      told(form, "wrong", answer.ok ? "" : (await answer.text()) || form.dataset.away);
      if (!answer.ok) return;
      playing = null;
      player.src = URL.createObjectURL(await answer.blob());
      await player.play();
    } catch {
      told(form, "wrong", form.dataset.away);
    } finally {
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll("[data-record]")) microphone(form);
function microphone(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  let recorder, pieces, blob, stream, timer;
  const shows = (...names) => {
    for (const name of ["start", "stop", "hear", "save", "redo"]) part(name).hidden = !names.includes(name);
  };
  async function begin() {
    told(form, "wrong", "");
    if (!navigator.mediaDevices) return told(form, "wrong", form.dataset.insecure);
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, autoGainControl: false } });
    } catch (fault) {
      return told(form, "wrong", fault.name === "NotFoundError" ? form.dataset.none : form.dataset.refused);
    }
    pieces = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      blob = new Blob(pieces, { type: recorder.mimeType });
      shows("hear", "save", "redo");
    });
    const context = new AudioContext();
    const meter = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(meter);
    const samples = new Float32Array(meter.fftSize);
    const began = performance.now();
    part("level").hidden = false;
    timer = setInterval(() => {
      meter.getFloatTimeDomainData(samples);
      part("level").value = Math.min(1, 3 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
      part("time").textContent = length((performance.now() - began) / 1000);
    }, 100);
    recorder.start(1000);
    shows("stop");
  }
  part("start").addEventListener("click", begin);
  part("redo").addEventListener("click", begin);
  part("stop").addEventListener("click", () => {
    clearInterval(timer);
    part("level").hidden = true;
    recorder.stop();
  });
  part("hear").addEventListener("click", () => {
    playing = null;
    player.src = URL.createObjectURL(blob);
    player.play();
  });
  part("save").addEventListener("click", () => {
    send(form, form.dataset.record, blob, "webbläsare.webm", null);
  });
}
