// The line to the switchboard: an account of minutes, registration, and at most one call. What is seen of it is panel.js.
const KEPT = "vaxel-phone-account";
const RETRY_MS = [300, 600, 1000, 2000, 4000, 8000, 15000];
const NO_SOUND_MS = 3000;
const GIVE_UP_MS = 12000;

export class SignedOut extends Error {}

// Kept for the pages of this tab, so that the next one rings at once.
async function account() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept && kept.until > Date.now()) return kept;
  const answer = await fetch("/phone/account", { method: "POST", headers: { Accept: "application/json" } });
  if (answer.status === 401 || answer.status === 403) throw new SignedOut();
  if (!answer.ok) throw new Error(`account: ${answer.status}`);
  const lent = await answer.json();
  lent.until = Date.now() + (lent.lasts - 60) * 1000;
  sessionStorage.setItem(KEPT, JSON.stringify(lent));
  return lent;
}

function forget() {
  sessionStorage.removeItem(KEPT);
}

// Asterisk offers every address of its machine, and listens at one.
function reachable(sdp, host) {
  if (!host) return sdp;
  const seen = new Set();
  return sdp.split("\r\n").filter((line) => {
    if (!line.startsWith("a=candidate:")) return true;
    const part = line.split(" ");
    const again = `${part[1]} ${part[5]}`;
    if (part[4].includes(":") || seen.has(again)) return false;
    seen.add(again);
    return true;
  }).map((line) => {
    if (!line.startsWith("a=candidate:")) return line;
    const part = line.split(" ");
    part[4] = host;
    return part.join(" ");
  }).join("\r\n");
}

export class Line extends EventTarget {
  // `microphone`: gives a stream; `speak`: takes the stream that is heard.
  constructor({ microphone, speak }) {
    super();
    this.microphone = microphone;
    this.speak = speak;
    this.state = "off";
    this.call = null;
    this.tries = 0;
    this.ua = null;
  }

  tell(state) {
    if (state) this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  async start() {
    clearTimeout(this.again);
    this.stop(false);
    this.tell("starting");
    let lent;
    try {
      lent = await account();
    } catch (error) {
      if (error instanceof SignedOut) this.tell("lost");
      else this.later();
      return;
    }
    this.lent = lent;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new JsSIP.WebSocketInterface(`${scheme}://${location.host}/phone/ws?account=${lent.user}`);
    const ua = this.ua = new JsSIP.UA({
      sockets: [socket], uri: `sip:${lent.user}@asterisk`, password: lent.password, register_expires: 120,
      session_timers: false, user_agent: "Vaxel", connection_recovery_min_interval: 1, connection_recovery_max_interval: 4,
    });
    ua.on("registered", () => {
      this.tries = 0;
      this.keep();
      this.tell("ready");
    });
    ua.on("registrationFailed", () => this.ua === ua && this.failed());
    ua.on("disconnected", () => this.ua === ua && this.failed());
    ua.on("newRTCSession", (news) => this.ua === ua && this.met(news));
    ua.start();
  }

  // While there is a call the same account is tried again by JsSIP itself: a new one could not end that call. Asterisk
  // may not know an account yet that was lent a moment ago; one that fails several times is over.
  failed() {
    this.tell("away");
    if (this.call) return;
    if (this.tries > 3) forget();
    this.later();
  }

  later() {
    const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
    this.tell("away");
    clearTimeout(this.again);
    this.again = setTimeout(() => this.start(), wait);
  }

  keep() {
    if (!this.lent) return;
    this.lent.until = Date.now() + (this.lent.lasts - 60) * 1000;
    sessionStorage.setItem(KEPT, JSON.stringify(this.lent));
  }

  stop(said = true) {
    clearTimeout(this.again);
    const ua = this.ua;
    this.ua = null;
    ua?.stop();
    if (said) this.tell("off");
  }

  giveBack() {
    const user = this.lent?.user;
    this.stop();
    forget();
    if (user) fetch(`/phone/account/${user}/end`, { method: "POST", keepalive: true }).catch(() => {});
  }

  met({ originator, session, request }) {
    if (this.call && this.call.session !== session) {
      session.terminate({ status_code: 486 });
      return;
    }
    if (originator !== "remote") return;
    const from = request.from;
    this.begin(session, "incoming", { number: from.uri.user ?? "", name: from.display_name ?? "" });
  }

  async dial(number, name) {
    if (this.call || this.state !== "ready") return;
    const stream = await this.microphone();
    if (!stream || this.call) return;
    const options = { mediaStream: stream, pcConfig: { iceServers: [] } };
    this.own = stream;
    const session = this.ua.call(`sip:${encodeURIComponent(number)}@asterisk`, options);
    this.begin(session, "calling", { number, name });
    this.wire(session.connection);
  }

  async answer() {
    const call = this.call;
    if (call?.state !== "incoming" || call.answering) return;
    call.answering = true;
    const stream = await this.microphone();
    if (!stream || this.call !== call) {
      call.answering = false;
      return;
    }
    this.own = stream;
    call.session.answer({ mediaStream: stream, pcConfig: { iceServers: [] } });
  }

  begin(session, state, who) {
    const call = this.call = {
      session, state, direction: state === "incoming" ? "in" : "out", who, since: null, held: false, muted: false, heard: false, silent: false, ringing: false,
    };
    session.on("peerconnection", ({ peerconnection }) => this.wire(peerconnection));
    session.on("sdp", (news) => {
      if (news.originator === "remote") news.sdp = reachable(news.sdp, this.lent.media);
    });
    session.on("icecandidate", ({ ready }) => { clearTimeout(call.ice); call.ice = setTimeout(ready, 100); });
    session.on("progress", () => { call.ringing = true; this.tell(); });
    session.on("confirmed", () => this.confirmed(call));
    session.on("ended", (news) => this.over(call, news));
    session.on("failed", (news) => this.over(call, news));
    this.tell();
  }

  wire(connection) {
    if (!connection || this.wired === connection) return;
    this.wired = connection;
    connection.addEventListener("track", ({ track, streams }) => this.speak(streams[0] ?? new MediaStream([track])));
  }

  confirmed(call) {
    if (call.since) return;
    call.state = "call";
    call.since = Date.now();
    this.tell();
    this.listen(call);
  }

  // That a call is signalled proves nothing: packets that have come do.
  async listen(call) {
    let last = 0;
    let lastAt = Date.now();
    while (this.call === call) {
      const connection = call.session.connection;
      const stats = connection ? [...(await connection.getStats()).values()] : [];
      const got = stats.find((one) => one.type === "inbound-rtp")?.packetsReceived ?? 0;
      if (got > last || call.held) {
        lastAt = Date.now();
        if (got > last && !call.heard) this.dispatchEvent(new Event("heard"));
        call.heard ||= got > last;
      }
      last = got;
      const silent = Date.now() - lastAt >= NO_SOUND_MS;
      if (silent !== call.silent) {
        call.silent = silent;
        this.tell();
      }
      const away = !["connected", "completed"].includes(connection?.iceConnectionState);
      if (!call.heard && away && Date.now() - lastAt >= GIVE_UP_MS) this.hangup();
      await new Promise((done) => setTimeout(done, 250));
    }
  }

  key(digit) {
    if (this.call?.state === "call") {
      // By signalling, which loses nothing: among packets of sound a busy computer drops a key now and then.
      this.call.session.sendDTMF(digit, { duration: 120, interToneGap: 70, transportType: "INFO" });
    }
  }

  mute(on) {
    if (this.call?.state !== "call") return;
    this.call.muted = on;
    if (on) this.call.session.mute({ audio: true });
    else this.call.session.unmute({ audio: true });
    this.tell();
  }

  hold(on) {
    const call = this.call;
    if (call?.state !== "call") return;
    const asked = on ? call.session.hold() : call.session.unhold();
    if (asked) call.held = on;
    this.tell();
  }

  hangup() {
    const call = this.call;
    if (!call) return;
    try {
      call.session.terminate(call.state === "incoming" ? { status_code: 486 } : {});
    } catch {
      this.over(call, { cause: "" });
    }
  }

  async use(stream) {
    const sender = this.call?.session.connection?.getSenders().find((one) => one.track?.kind === "audio");
    if (!sender) return;
    const muted = this.call.muted;
    stream.getAudioTracks().forEach((track) => { track.enabled = !muted; });
    await sender.replaceTrack(stream.getAudioTracks()[0]);
    this.own?.getTracks().forEach((track) => track.stop());
    this.own = stream;
  }

  over(call, news) {
    if (this.call !== call) return;
    this.call = null;
    this.wired = null;
    this.own?.getTracks().forEach((track) => track.stop());
    this.own = null;
    this.ended = { call, cause: news.cause, by: news.originator };
    this.dispatchEvent(new Event("over"));
    this.tell();
    if (this.state === "away") this.later();
  }
}
