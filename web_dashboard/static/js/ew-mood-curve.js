// The customer's mood over the last minutes: up is upset. Plain SVG, so that it takes its colours from
// the stylesheet in both themes and sixty of them cost little.
import { html, svg, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { curve } from './mood.js'
import { say } from './language.js'

const BASE = 0.747
const EDGE = 3

class MoodCurve extends LightElement {
  static properties = {
    mood: { attribute: false }, alerts: { attribute: false }, now: { type: Number }, window: { type: Number },
    width: { type: Number }, height: { type: Number }, heard: { type: Boolean },
  }

  constructor() {
    super()
    Object.assign(this, { mood: [], alerts: [], now: 0, window: 300, width: 104, height: 34, heard: false })
  }

  render() {
    const { width, height } = this
    const { runs, gaps } = curve(this.mood, this.heard ? null : this.alerts, this.now, this.window)
    const base = this.#y(0)
    return html`<svg class="curve" viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${say('mood.curve')}>
      ${svg`<line class="base" x1="0" x2=${width} y1=${base} y2=${base}/>`}
      ${runs.map(run => this.#area(run))}
      ${runs.map(run => svg`<path class=${run.tone} d=${`M${this.#path(run.points)}`}/>`)}
      ${gaps.map(([from, to]) => svg`<line class="gap" x1=${this.#x(from)} x2=${this.#x(to)} y1=${base} y2=${base}/>`)}
      ${this.#dot(runs.at(-1))}
    </svg>`
  }

  #area({ tone, points }) {
    if (tone === 'neutral') return nothing
    const base = this.#y(0)
    const [first, last] = [points[0], points.at(-1)]
    return svg`<path class=${`fill-${tone}`} d=${`M${this.#x(first[0])} ${base}L${this.#path(points)}L${this.#x(last[0])} ${base}Z`}/>`
  }

  #dot(run) {
    if (!run) return nothing
    return svg`<path class=${`dot dot-${run.tone}`} d=${`M${this.#path([run.points.at(-1)])}h0`}/>`
  }

  #path(points) {
    return points.map(([x, y]) => `${this.#x(x)} ${this.#y(y)}`).join(' ')
  }

  #x(share) {
    return (EDGE + share * (this.width - 2 * EDGE)).toFixed(1)
  }

  #y(value) {
    const base = this.height * BASE
    return (value >= 0 ? base - value * (base - EDGE) : base - value * (this.height - EDGE - base)).toFixed(1)
  }
}

customElements.define('ew-mood-curve', MoodCurve)
