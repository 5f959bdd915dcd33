// The switch in the head of each page: opens the phone beside it, and brings it back on the next page. Only then is the
// phone itself fetched.
const COOKIE = "vaxel-phone";
const link = document.querySelector("[data-phone]");
const dock = document.getElementById("dock");
const narrow = matchMedia("(max-width: 900px)");
let loading = null;

export function wish() {
  return document.cookie.match(/(?:^|; )vaxel-phone=(\w+)/)?.[1] ?? "off";
}

// open: beside each page; hidden: it is on, and comes when it rings; off.
export function remember(wanted) {
  document.cookie = `${COOKIE}=${wanted}; path=/; max-age=31536000; samesite=lax`;
}

export function show(wanted, lasting = true) {
  if (!dock.firstElementChild) return;
  dock.hidden = !wanted;
  if (wanted) beside(document.querySelector("dialog:modal"));
  document.body.classList.toggle("with-phone", wanted);
  link.setAttribute("aria-expanded", wanted);
  if (lasting) remember(wanted ? "open" : "hidden");
}

// A dialog lets nothing else on the page be used, and a phone that rings must be.
function beside(dialog) {
  dialog?.close();
  dialog?.show();
}

export function tell(state) {
  link.dataset.phoneIs = state;
}

async function load() {
  const own = document.getElementById("phone");
  if (!own) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = link.dataset.style;
    const styled = new Promise((done) => { style.onload = style.onerror = done; });
    document.head.append(style);
    const answer = await fetch("/phone/panel", { headers: { "HX-Request": "true" } });
    if (!answer.ok) return null;
    const text = await answer.text();
    await styled;
    dock.innerHTML = text;
    dock.querySelectorAll("[data-docked]").forEach((part) => { part.hidden = false; });
  }
  const { start } = await import(link.dataset.panel);
  return start(document.getElementById("phone"), { show, tell, remember, narrow, docked: !own, wish: wish() });
}

function loaded() {
  loading ??= load().catch(() => null);
  return loading;
}

link.addEventListener("click", async (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!plain || document.querySelector("main > .phone") || (narrow.matches && !loading)) return;
  event.preventDefault();
  const phone = await loaded();
  if (!phone) {
    location.href = link.href;
    return;
  }
  show(dock.hidden);
  if (!dock.hidden) phone.focus();
});

// A number on any page is called from here; the phone is switched on first, or says why it cannot be. Only a telephone,
// which is used with fingers, calls by itself where this phone is not on.
document.addEventListener("click", async (event) => {
  const number = event.target.closest("a[href^='tel:']")?.getAttribute("href").slice(4);
  if (!number || (wish() === "off" && matchMedia("(pointer: coarse)").matches)) return;
  event.preventDefault();
  const phone = await loaded();
  if (!phone) return;
  show(true, false);
  if (await phone.ready()) phone.dial(number);
});

// A form that has this browser rung: its phone is switched on first, and the form says which one it is.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-rings-here]");
  if (!button || button.value) return;
  event.preventDefault();
  const phone = await loaded();
  show(true, false);
  button.value = (await phone?.ready()) ?? "";
  if (!button.value) return;
  if (narrow.matches) show(false, false);
  button.form.requestSubmit(button);
  button.value = "";
});

if (document.querySelector("main > .phone")) loaded();
else if (wish() === "open" && !narrow.matches) loaded().then(() => show(true));
else if (wish() !== "off") loaded();
