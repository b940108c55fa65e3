// A short tone per severity, for supervisors who look elsewhere. Browsers allow no sound before the
// first click or key: until then `blocked` is true, and the header says so.
import { calmed, only, urgency } from './risk.js'

const KEY = 'ew.sound'
const DEFAULT = { critical: true, high: true, watch: false, muted: false }
const TONES = { critical: [880, 660, 880], high: [660, 880], watch: [660] }
const BEAT = 0.16
const QUIET = 0.0001
const LOUD = 0.12

export class Bell {
  #context = null
  #rung = {}

  constructor(on_change) {
    this.choice = read()
    this.changed = on_change
    for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, () => this.#allow(), { capture: true })
  }

  get blocked() {
    return !this.choice.muted && this.#context?.state !== 'running'
  }

  choose(fields) {
    this.choice = { ...this.choice, ...fields }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.choice))
    } catch { /* kept for this page only */ }
    this.changed()
  }

  /** Rings once for the gravest of `alerts` not rung at its urgency yet; `quietly` only remembers them. */
  ring(alerts, quietly = false) {
    for (const alert of alerts) this.#rung[alert.id] = urgency(alert)
    const heard = alerts.find(alert => this.choice[alert.severity])
    if (heard && !quietly && !this.choice.muted && !this.blocked) this.#play(TONES[heard.severity])
  }

  /** What has calmed since it rang may ring again when it climbs; what is over is forgotten. */
  follow(alerts) {
    this.#rung = only(alerts, calmed(alerts, this.#rung))
  }

  get rung() {
    return this.#rung
  }

  async #allow() {
    if (this.#context?.state === 'running') return
    this.#context ||= new AudioContext()
    await this.#context.resume()
    this.changed()
  }

  #play(tones) {
    const start = this.#context.currentTime + 0.02
    tones.forEach((frequency, index) => {
      const from = start + index * BEAT
      const tone = this.#context.createOscillator()
      const volume = this.#context.createGain()
      tone.frequency.value = frequency
      volume.gain.setValueAtTime(QUIET, from)
      volume.gain.exponentialRampToValueAtTime(LOUD, from + 0.02)
      volume.gain.exponentialRampToValueAtTime(QUIET, from + BEAT)
      tone.connect(volume).connect(this.#context.destination)
      tone.start(from)
      tone.stop(from + BEAT)
    })
  }
}

function read() {
  try {
    return { ...DEFAULT, ...JSON.parse(localStorage.getItem(KEY)) }
  } catch {
    return DEFAULT
  }
}
