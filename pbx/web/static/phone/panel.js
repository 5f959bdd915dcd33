// The phone as one sees it: which part is shown, keys, names and faces, devices, and what to do when something is refused.
import { Line } from "./line.js";
import * as sound from "./sound.js";

const KEYS = "0123456789*#";
const MOST_RECENT = 5;
const READY_MS = 15000;

export async function start(root, dock) {
  await import(root.dataset.jssip);
  const phone = new Phone(root, dock);
  await phone.begin();
  return phone;
}

class Phone {
  constructor(root, dock) {
    this.root = root;
    this.dock = dock;
    this.say = JSON.parse(root.dataset.say);
    this.stored = `vaxel-phone-${root.dataset.user}`;
    this.kept = { mic: "", speaker: "", calls: [], proved: 0, ...JSON.parse(localStorage.getItem(this.stored) ?? "{}") };
    this.blocked = "";
    this.micIs = "unasked";
    this.line = new Line({ microphone: () => this.microphone(), speak: (stream) => this.speak(stream) });
    this.line.addEventListener("change", () => this.paint());
    this.line.addEventListener("heard", () => {
      this.keep({ proved: Date.now() });
      this.paint();
    });
    this.line.addEventListener("over", () => this.over());
    this.wire();
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  keep(change) {
    Object.assign(this.kept, change);
    localStorage.setItem(this.stored, JSON.stringify(this.kept));
  }

  async begin() {
    this.recent();
    if (!window.isSecureContext || !navigator.mediaDevices) this.block("insecure");
    else if (this.dock.wish !== "off") await this.on(false);
    else this.paint();
  }

  focus() {
    const wanted = [...this.root.querySelectorAll("#phone-number, [data-does=on], [data-does=take]")]
      .find((one) => one.offsetParent !== null);
    (wanted ?? this.root).focus();
  }

  // ---------------------------------------------------------------- on and off

  async on(asked = true) {
    if (!window.isSecureContext || !navigator.mediaDevices) return this.block("insecure");
    this.block("");
    if (asked) {
      const stream = await this.microphone();
      if (!stream) return;
      stream.getTracks().forEach((track) => track.stop());
      if (this.dock.wish === "off") {
        this.dock.wish = "open";
        this.dock.remember("open");
      }
    } else {
      this.micIs = await allowed();
    }
    await this.devices();
    this.hold();
    if (asked) this.focusSoon = true;
  }

  // The account by which this page can be rung, once it can; null where it cannot, which is told.
  async ready() {
    if (this.line.state === "off") await this.on();
    for (let waited = 0; waited < READY_MS && !this.blocked && this.line.state !== "ready"; waited += 100) {
      await new Promise((done) => setTimeout(done, 100));
    }
    return this.line.state === "ready" && !this.line.call ? this.line.lent.user : null;
  }

  // One tab of a browser has the phone; when it is closed the next one that waits has it.
  hold(steal = false) {
    if (this.letGo) return;
    this.waiting?.abort();
    this.waiting = new AbortController();
    const mine = async () => {
      this.block("");
      this.line.start();
      await new Promise((done) => { this.letGo = done; });
    };
    const lost = (error) => {
      if (error.name !== "AbortError") return;
      this.letGo = null;
      this.line.hangup();
      this.line.stop();
      this.block("elsewhere");
    };
    if (steal) {
      navigator.locks.request("vaxel-phone", { steal: true }, mine).catch(lost);
      return;
    }
    const { signal } = this.waiting;
    const soon = setTimeout(() => this.block("elsewhere"), 400);
    navigator.locks.request("vaxel-phone", { signal }, () => {
      clearTimeout(soon);
      return mine();
    }).catch((error) => { if (!signal.aborted) lost(error); });
  }

  turnOff() {
    this.line.hangup();
    this.line.giveBack();
    this.waiting?.abort();
    this.letGo?.();
    this.letGo = null;
    this.dock.wish = "off";
    if (this.dock.docked) this.dock.show(false);
    this.dock.remember("off");
    this.paint();
  }

  block(why) {
    this.blocked = why;
    this.paint();
  }

  // ---------------------------------------------------------------- microphone and loudspeaker

  async microphone() {
    try {
      const wanted = this.kept.mic ? { deviceId: { ideal: this.kept.mic } } : {};
      const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
      this.micIs = "allowed";
      if (this.blocked === "refused" || this.blocked === "nomic") this.blocked = "";
      this.said = stream;
      return stream;
    } catch (error) {
      const none = ["NotFoundError", "NotReadableError", "OverconstrainedError"].includes(error.name);
      this.micIs = none ? "unasked" : "refused";
      this.block(none ? "nomic" : "refused");
      return null;
    }
  }

  async speak(stream) {
    const audio = this.part("audio");
    audio.srcObject = stream;
    if (this.kept.speaker && audio.setSinkId) await audio.setSinkId(this.kept.speaker).catch(() => {});
    audio.play().catch(() => {});
    this.meters(stream);
  }

  meters(heard) {
    this.stopMeters?.();
    const levels = [["said", this.said], ["heard", heard]].map(([name, stream]) => [this.part(name), new sound.Level(stream)]);
    const timer = setInterval(() => { for (const [meter, level] of levels) meter.value = level.now(); }, 100);
    this.stopMeters = () => {
      clearInterval(timer);
      for (const [meter, level] of levels) {
        level.close();
        meter.value = 0;
      }
      this.stopMeters = null;
    };
  }

  async devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    this.fill(this.part("mic"), all.filter((one) => one.kind === "audioinput"), this.kept.mic);
    const speaker = this.part("speaker");
    this.fill(speaker, all.filter((one) => one.kind === "audiooutput"), this.kept.speaker);
    speaker.hidden = this.part("speaker-label").hidden = !("setSinkId" in HTMLMediaElement.prototype);
  }

  fill(select, devices, chosen) {
    const named = devices.filter((one) => one.label && one.deviceId !== "default");
    select.replaceChildren(new Option(this.say.standard, ""), ...named.map((one) => new Option(one.label, one.deviceId)));
    select.value = named.some((one) => one.deviceId === chosen) ? chosen : "";
  }

  // ---------------------------------------------------------------- what is seen

  get state() {
    if (this.line.call) return this.line.call.state;
    if (this.blocked) return this.blocked;
    return { off: "off", lost: "lost" }[this.line.state] ?? "ready";
  }

  paint() {
    const { line, say } = this;
    const call = line.call;
    const state = this.state;
    const before = this.root.dataset.state;
    const inside = this.root.contains(document.activeElement);
    this.root.dataset.state = state;
    this.root.dataset.line = line.state;
    for (const part of this.root.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
    this.part("title").textContent = state === "incoming" ? say.incoming : this.root.getAttribute("aria-label");
    this.part("line").textContent = this.told(state, call);
    this.part("silent").hidden = !(call?.silent || this.silentSince);
    this.part("mic-is").textContent = say[this.micIs];
    this.part("sound-is").textContent = this.kept.proved ? `${say["proved-at"]} ${this.moment(this.kept.proved)}` : say.unproved;
    this.root.querySelector("[data-does=notify]").hidden = !("Notification" in window) || Notification.permission !== "default";
    this.press("mute", call?.muted);
    this.press("hold", call?.held);
    this.dock.tell(call ? "call" : line.state === "ready" && !this.blocked ? "ready" : "off");
    if (call) this.who(call);
    if (state !== before) this.turned(state, before, inside);
    else if (call?.state === "calling" && call.ringing && !this.ringing) this.ringing = sound.ring("out");
  }

  told(state, call) {
    const { say, line } = this;
    if (call) {
      if (line.state === "away") return say.away;
      return call.held ? say.held : call.muted ? say.muted : state === "incoming" ? say.ready : say[state];
    }
    if (this.note) return this.note;
    if (state === "ready") {
      if (line.state === "ready") return this.kept.proved ? `${say.ready}, ${say.proved}` : say.ready;
      return say[line.state] ?? say.starting;
    }
    return say.off;
  }

  press(name, on) {
    this.root.querySelector(`[data-does=${name}]`).setAttribute("aria-pressed", Boolean(on));
  }

  turned(state, before, inside) {
    this.ringing?.();
    this.ringing = null;
    this.notice?.close();
    if (state === "incoming") {
      this.ringing = sound.ring("in");
      if (this.dock.docked) this.dock.show(true, false);
      this.notify();
      this.root.querySelector("[data-does=answer]").focus();
    } else if (state === "call" || state === "calling") {
      this.note = "";
      if (this.dock.docked) this.dock.show(true, false);
      this.root.focus();
    } else if (state === "ready" && (inside || this.focusSoon)) {
      this.focusSoon = false;
      this.focus();
    }
    // On a narrow screen what the call was for is behind the phone.
    const over = state === "ready" && ["incoming", "calling", "call"].includes(before);
    if (over && this.dock.docked && this.dock.narrow.matches && !this.silentSince) this.dock.show(false, false);
    clearInterval(this.clock);
    this.clock = this.line.call ? setInterval(() => this.count(), 500) : null;
    if (before === "call" || before === "calling" || before === "incoming") this.recent();
  }

  count() {
    const since = this.line.call?.since;
    const seconds = since ? Math.floor((Date.now() - since) / 1000) : 0;
    this.part("time").textContent = since ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
  }

  // ---------------------------------------------------------------- people

  colleague(number) {
    return [...this.part("everybody").children].find((one) => one.dataset.number === number);
  }

  named(who) {
    return this.colleague(who.number)?.dataset.name ?? (who.name || written(who.number) || this.say.withheld);
  }

  who(call) {
    const name = this.named(call.who);
    if (this.part("name").textContent !== name) {
      const seen = this.colleague(call.who.number)?.querySelector("img, .initials");
      const icon = this.root.querySelector("[data-does=call] .icon");
      this.part("face").replaceChildren((seen ?? icon).cloneNode(true));
    }
    this.part("name").textContent = name;
    this.part("number").textContent = name === written(call.who.number) ? "" : written(call.who.number);
    this.count();
  }

  over() {
    const { call, cause, by } = this.line.ended;
    const missed = call.direction === "in" && !call.since;
    this.stopMeters?.();
    this.part("name").textContent = "";
    this.silentSince = call.silent && !call.heard;
    const causes = {
      Busy: "busy", "No Answer": "unanswered", Unavailable: "unanswered", "Request Timeout": "unanswered",
      Rejected: "declined", "Not Found": "unknown", "Address Incomplete": "unknown",
    };
    const went = call.since || call.direction === "in" || by === "local";
    this.note = this.say[went ? "ended" : causes[cause] ?? "failed"];
    clearTimeout(this.noteGoes);
    this.noteGoes = setTimeout(() => { this.note = ""; this.paint(); }, 6000);
    const entry = { name: this.named(call.who), number: call.who.number, at: Date.now(), missed };
    const others = this.kept.calls.filter((one) => one.number !== entry.number);
    if (entry.number) this.keep({ calls: [entry, ...others].slice(0, MOST_RECENT) });
  }

  recent() {
    const list = this.part("recent");
    const template = this.part("everybody").firstElementChild;
    const rows = this.kept.calls.map((entry) => {
      const row = template.cloneNode(true);
      const seen = this.colleague(entry.number)?.querySelector("img, .initials");
      row.hidden = false;
      row.dataset.name = entry.name;
      row.dataset.number = entry.number;
      const face = row.querySelector(".initials");
      if (seen) face.replaceWith(seen.cloneNode(true));
      else face.textContent = entry.name.slice(0, 1);
      row.querySelector("b").textContent = entry.name;
      const meta = row.querySelector(".meta");
      const number = entry.name === written(entry.number) ? "" : written(entry.number);
      const first = entry.missed ? this.say.missed : number;
      meta.textContent = [first, this.moment(entry.at)].filter(Boolean).join(entry.missed ? " " : ", ");
      meta.classList.toggle("missed", entry.missed);
      const button = row.querySelector("button");
      button.dataset.call = entry.number;
      button.setAttribute("aria-label", button.getAttribute("aria-label").replace(template.dataset.name, entry.name));
      return row;
    });
    list.replaceChildren(...rows);
    this.filter();
  }

  // What is typed finds people; nothing typed shows whom one has talked with last.
  filter() {
    const typed = this.field.value.trim().toLocaleLowerCase();
    const recent = this.part("recent");
    recent.hidden = Boolean(typed) || !recent.children.length;
    const title = this.part("list-title");
    title.textContent = recent.hidden ? title.dataset.all : title.dataset.recent;
    const called = new Set(this.kept.calls.map((one) => one.number));
    for (const row of this.part("everybody").children) {
      const { name, number } = row.dataset;
      const found = name.toLocaleLowerCase().includes(typed) || number.startsWith(typed);
      row.hidden = typed ? !found : !recent.hidden && called.has(number);
    }
  }

  moment(at) {
    const lang = document.documentElement.lang;
    const then = new Date(at);
    const clock = then.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
    const day = [this.say.today, this.say.yesterday][days] ?? then.toLocaleDateString(lang, { day: "numeric", month: "short" });
    return `${day}\u00a0${clock}`;
  }

  notify() {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const face = this.part("face").querySelector("img");
    const call = this.line.call;
    this.notice = new Notification(this.named(call.who), { body: this.say.incoming, icon: face?.src, tag: "vaxel-call" });
    this.notice.onclick = () => { window.focus(); this.notice?.close(); };
  }

  // ---------------------------------------------------------------- keys and buttons

  get field() {
    return this.root.querySelector("#phone-number");
  }

  wire() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.key) this.key(button.dataset.key);
      else if (button?.dataset.call) this.dial(button.dataset.call);
      else if (button?.dataset.does) this.does(button.dataset.does);
    });
    this.root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.dial(this.field.value);
    });
    this.field.addEventListener("input", () => this.filter());
    this.root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
      if (event.target.matches("input, select") || event.key.length !== 1) return;
      if (this.line.call?.state === "call") this.key(event.key);
    });
    this.part("mic").addEventListener("change", async (event) => {
      this.keep({ mic: event.target.value });
      if (!this.line.call) return;
      const stream = await this.microphone();
      if (stream) await this.line.use(stream);
      if (stream) this.meters(this.part("audio").srcObject);
    });
    this.part("speaker").addEventListener("change", (event) => {
      this.keep({ speaker: event.target.value });
      this.part("audio").setSinkId(event.target.value).catch(() => {});
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.devices());
    // A page that goes takes its call along; so while there is one, links lead to another tab.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!this.line.call || !link || link.target || link.matches("[data-phone], [href^='#']") || event.defaultPrevented) return;
      event.preventDefault();
      window.open(link.href, "_blank");
    });
    addEventListener("beforeunload", (event) => { if (this.line.call) event.preventDefault(); });
    addEventListener("pagehide", () => {
      this.line.keep();
      this.line.hangup();
    });
  }

  does(what) {
    const call = this.line.call;
    switch (what) {
      case "on": return this.on();
      case "off": return this.turnOff();
      case "take": return this.hold(true);
      case "hide": return this.dock.show(false);
      case "answer": return this.line.answer();
      case "hangup": return this.line.hangup();
      case "call": return this.dial(this.field.value);
      case "mute": return this.line.mute(!call?.muted);
      case "hold": return this.line.hold(!call?.held);
      case "erase":
        this.field.value = this.field.value.slice(0, -1);
        this.field.focus();
        return this.filter();
      case "notify": return Notification.requestPermission().then(() => this.paint());
      default: return undefined;
    }
  }

  key(digit) {
    sound.key(digit);
    const button = this.root.querySelector(`[data-key="${digit}"]`);
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 150);
    if (this.line.call) this.line.key(digit);
    else {
      this.field.value += digit;
      this.filter();
    }
  }

  dial(typed) {
    const text = typed.trim();
    const byName = text && !/^[+\d*#]/.test(text)
      ? [...this.part("everybody").children].filter((one) => !one.hidden)[0]?.dataset.number : undefined;
    const number = byName ?? text.replace(/[^+\d*#]/g, "");
    if (!number) return this.field.focus();
    this.field.value = "";
    this.filter();
    this.silentSince = false;
    return this.line.dial(number, this.colleague(number)?.dataset.name ?? "");
  }
}

async function allowed() {
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    return { granted: "allowed", denied: "refused" }[state] ?? "unasked";
  } catch {
    return "unasked";
  }
}

// As people write it: 070-174 06 05.
function written(number) {
  const mobile = number.replace(/^\+46/, "0").match(/^(07\d)(\d{3})(\d{2})(\d{2})$/);
  const text = mobile ? `${mobile[1]}-${mobile[2]} ${mobile[3]} ${mobile[4]}` : number;
  return text.replaceAll(" ", "\u00a0").replace("-", "\u2011");
}
