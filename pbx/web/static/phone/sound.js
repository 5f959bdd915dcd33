// Sound of the phone's own: keys, ringing, and how loud a stream is.
const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477];
const KEYS = "123456789*0#";
let context = null;

function audio() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

function tones(frequencies, seconds, level) {
  const here = audio();
  const gain = here.createGain();
  const now = here.currentTime;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(level, now + 0.01);
  gain.gain.setValueAtTime(level, now + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, now + seconds);
  gain.connect(here.destination);
  const sources = frequencies.map((hz) => {
    const source = new OscillatorNode(here, { frequency: hz });
    source.connect(gain);
    source.start(now);
    source.stop(now + seconds);
    return source;
  });
  return () => sources.forEach((source) => source.disconnect());
}

export function key(digit) {
  const at = KEYS.indexOf(digit);
  if (at >= 0) tones([LOW[Math.floor(at / 3)], HIGH[at % 3]], 0.13, 0.08);
}

// Until what it gives is called. "out": as a caller hears it ring; "in": as a phone rings.
export function ring(way) {
  let silence = () => {};
  const once = () => { silence = way === "out" ? tones([425], 1, 0.06) : tones([880, 1109], 1.2, 0.2); };
  once();
  const timer = setInterval(once, way === "out" ? 5000 : 3000);
  return () => { clearInterval(timer); silence(); };
}

// 0 to 100, of what sounds now.
export class Level {
  constructor(stream) {
    this.analyser = new AnalyserNode(audio(), { fftSize: 1024 });
    this.source = audio().createMediaStreamSource(stream);
    this.source.connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  now() {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, one) => sum + one * one, 0) / this.samples.length;
    return Math.max(0, Math.min(100, 100 + (10 * Math.log10(power + 1e-10)) * 1.6));
  }

  close() {
    this.source.disconnect();
  }
}
