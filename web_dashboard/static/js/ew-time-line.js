// A call on its own time: the customer's mood, who spoke when, silences, alerts and prompts. Pressed
// anywhere, it tells where (`listen`); the keys go from mark to mark. For a screen reader it is one
// slider that says in words what stands where.
import { html, svg, nothing } from '../vendor/lit.js'
import { LightElement } from './light.js'
import { on_theme } from './colours.js'
import { icon, shape } from './icons.js'
import { language, say } from './language.js'
import { Hands } from './line-hands.js'
import { curve } from './mood.js'
import { words_of } from './story-words.js'
import { RECENT, clip_at, columns, nearest, showing, stop_from, stops_of, strip_of, view_of, zoomed } from './time-line.js'
import { LANE_AT, TONES, options, palette, rem } from './time-line-paint.js'
import { in_order } from './call-story.js'

const HIGH = 8.5 // rem
const NEARER = 0.5
const KEYS = {
  ArrowRight: [1, false], ArrowLeft: [-1, false], ArrowDown: [1, false], ArrowUp: [-1, false], PageDown: [1, true], PageUp: [-1, true],
}

class TimeLine extends LightElement {
  /** `now`: seconds of the call; `clips`: where there is sound; `playing`: the clip that is chosen; `heard`: where it plays, or null. */
  static properties = {
    story: { attribute: false }, alerts: { attribute: false }, now: { type: Number }, clips: { attribute: false }, playing: { attribute: false },
    heard: { attribute: false }, whole: { type: Boolean }, wish: { state: true }, at: { state: true }, over: { state: true }, frame: { state: true },
  }

  #plot = null
  #strip = strip_of([], 0)
  #colours = null
  #hands = new Hands(this)
  #spoken = ''
  #resized = new ResizeObserver(() => this.#fit())
  #stop_theme = () => {}

  constructor() {
    super()
    Object.assign(this, { story: new Map(), alerts: [], now: 0, clips: [], playing: null, heard: null, whole: false, wish: { span: RECENT, end: null }, at: '', over: '', frame: null })
  }

  connectedCallback() {
    super.connectedCallback()
    this.#stop_theme = on_theme(() => this.#repaint())
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#stop_theme()
    this.#resized.disconnect()
    this.#plot?.destroy()
    this.#plot = null
  }

  /** `whole`: a call that is over is shown from end to end at first. */
  willUpdate(changed) {
    if (changed.has('whole') && this.whole) this.wish = { span: 0, end: null }
    if (this.#spoken !== language()) this.updateComplete.then(() => this.#fit()) // the lanes' names are of another width
    this.#spoken = language()
  }

  async firstUpdated() {
    const { default: Plot } = await import('../vendor/uplot.js')
    const box = this.querySelector('.plot')
    if (!this.isConnected || this.#plot) return
    this.#colours = palette()
    this.#plot = new Plot(options(box.clientWidth, HIGH * rem(), () => this.#colours, () => this.#strip), this.#data(), box)
    this.#resized.observe(box)
    this.#measure()
  }

  /** The stop with `step` from here (`grave`: the next alert or prompt) becomes the one that is pointed at. */
  step(step, grave) {
    const stop = stop_from(stops_of(this.story), this.at, step, grave)
    if (stop) this.#point(stop)
  }

  updated(changed) {
    if (!this.#plot || ![...changed.keys()].some(name => ['story', 'now', 'wish', 'alerts'].includes(name))) return
    this.#plot.setData(this.#data(), false)
    const { from, to } = view_of(this.wish, this.now)
    this.#plot.setScale('x', { min: from, max: to })
  }

  render() {
    const stop = this.story.get(this.at)
    const told = stop ? words_of(stop) : ''
    const hovered = this.story.get(this.over)
    const all = this.wish.span === 0
    const hands = this.#hands
    return html`<div class="zoom"><span class="choice" role="group" aria-label=${say('line.span')}>
          <button type="button" aria-pressed=${this.wish.span === RECENT && this.wish.end === null} @click=${() => { this.wish = { span: RECENT, end: null } }}>${say('line.recent')}</button>
          <button type="button" aria-pressed=${all} @click=${() => { this.wish = { span: 0, end: null } }}>${say('line.whole')}</button></span>
        ${this.#button('line.nearer', 'plus', NEARER)}${this.#button('line.farther', 'minus', 1 / NEARER)}</div>
      <div class="canvas" role="slider" tabindex="0" data-scrolls aria-label=${say('line.label')} aria-orientation="horizontal" aria-valuemin="0"
        aria-valuemax=${Math.round(this.now)} aria-valuenow=${Math.round(stop?.at ?? this.now)} aria-valuetext=${told || say('line.newest')} @keydown=${this.#key}
        @pointerdown=${event => hands.grab(event)} @pointermove=${event => hands.pull(event)} @pointerup=${event => hands.drop(event)} @pointercancel=${() => hands.leave()}
        @wheel=${event => hands.wheel(event)} @pointerleave=${() => { this.over = '' }}><div class="plot"></div>${this.#marks(stop)}</div>
      <p class="pointed one-line">${hovered ? words_of(hovered) : told || html`<span class="dim">${say('line.hint')}</span>`}</p>`
  }

  #button(word, name, factor) {
    return html`<button class="btn btn-icon" type="button" aria-label=${say(word)} title=${say(word)} @click=${() => this.#zoom(factor)}>${icon(name)}</button>`
  }

  /** What floats over the canvas, in its own pixels: marks on top, the clip that is chosen, where it plays. */
  #marks(stop) {
    if (!this.frame) return nothing
    const { left, top, width, height } = this.frame
    const { from, to } = view_of(this.wish, this.now)
    const x = at => left + ((at - from) / (to - from)) * width
    const seen = at => at >= from && at <= to
    const line = (at, name) => (seen(at) ? svg`<line class=${name} x1=${x(at)} x2=${x(at)} y1=${top} y2=${top + height}/>` : nothing)
    const bound = at => Math.min(left + width, Math.max(left, x(at)))
    const lane = (party, share) => svg`<text x="4" y=${top + height * share}>${say(`party.${party}`)}</text>`
    return html`<svg class="over" aria-hidden="true">${lane('customer', LANE_AT.customer)}${lane('agent', LANE_AT.agent)}
      ${this.clips.map(clip => svg`<rect class=${clip === this.playing ? 'clip-on' : 'clip-there'} x=${bound(clip.from)} y=${top} width=${Math.max(0, bound(clip.to) - bound(clip.from))} height=${height}/>`)}
      ${stop ? line(stop.at, 'stop') : nothing}${this.heard === null ? nothing : line(this.heard, 'heard')}
      ${this.#strip.pinned.filter(({ at }) => seen(at)).map(pin => svg`<svg class=${`pin ${pin.severity ? `sev-${pin.severity}` : ''} ${this.#mark(pin).solid ? 'mark' : 'i'}`} viewBox="0 0 16 16"
        x=${x(pin.at) - 7} y=${Math.max(0, top - 16)} width="14" height="14">${shape(this.#mark(pin).name)}</svg>`)}</svg>`
  }

  #mark({ kind, severity, state }) {
    if (kind !== 'alert') return { name: kind, solid: false }
    return state === 'active' ? { name: severity, solid: true } : { name: `${severity}-o`, solid: false }
  }

  #data() {
    this.#strip = strip_of(in_order(this.story), this.now)
    const { from, to } = view_of(this.wish, this.now)
    return columns(curve(this.#strip.mood, this.alerts, to, to - from).runs, { from, to }, TONES)
  }

  /** Arrows go from mark to mark, page keys from alert to alert; Enter plays from there. */
  #key(event) {
    const stops = stops_of(this.story)
    const { key } = event
    if (KEYS[key]) this.step(...KEYS[key])
    else if (key === 'Home' && stops.length) this.#point(stops[0])
    else if (key === 'End' && stops.length) this.#point(stops.at(-1))
    else if (key === 'Enter' && this.story.get(this.at)) this.#play(this.story.get(this.at))
    else if (key === '+' || key === '=') this.#zoom(NEARER)
    else if (key === '-') this.#zoom(1 / NEARER)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #zoom(factor) {
    this.wish = zoomed(this.wish, this.now, factor, this.story.get(this.at)?.at ?? this.now)
  }

  #point(stop) {
    this.at = stop.key
    this.wish = showing(this.wish, this.now, stop.at)
    this.#tell('pointed', stop.key)
  }

  /** An alert is heard from the start of what raised it, everything else from where it stands. */
  #play({ at, clips = [] }) {
    const clip = clips.at(-1)
    if (clip) this.#tell('listen', { at: clip.from, clip })
    else this.#listen(at)
  }

  #listen(at) {
    this.#tell('listen', { at, clip: clip_at(this.clips, at) })
  }

  /** Where a pointer pressed. */
  press(at) {
    const stop = nearest(stops_of(this.story), at)
    if (stop) this.#point(stop)
    this.#listen(at)
  }

  /** Where a mouse is: what stands there is told, nothing else. */
  hover(at) {
    this.over = nearest(stops_of(this.story), at)?.key || ''
  }

  #fit() {
    const { clientWidth } = this.querySelector('.plot')
    if (!this.#plot || !clientWidth) return
    this.#plot.setSize({ width: clientWidth, height: HIGH * rem() })
    this.#measure()
  }

  #measure() {
    const { bbox } = this.#plot
    const ratio = devicePixelRatio
    this.frame = { left: bbox.left / ratio, top: bbox.top / ratio, width: bbox.width / ratio, height: bbox.height / ratio }
    this.wish = { ...this.wish }
  }

  #repaint() {
    this.#colours = palette()
    this.#plot?.redraw(false)
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }
}

customElements.define('ew-time-line', TimeLine)
