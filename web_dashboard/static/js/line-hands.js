// What a pointer does to the time line: a press means a place, a pull moves along the call, the wheel
// with Ctrl (or two fingers) goes nearer, sideways along. An upright wheel still scrolls the page.
import { moved, view_of, zoomed } from './time-line.js'

const PULLED = 4 // pixels: less is a press
const STEP = 1.25

export class Hands {
  #drag = null

  /** `line` has wish, now and frame, and is told `press(at)` and `hover(at)` in seconds of the call. */
  constructor(line) {
    this.line = line
  }

  grab(event) {
    if (!this.line.frame || event.button) return
    this.#drag = { x: event.clientX, wish: this.line.wish, far: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }

  pull(event) {
    const { line } = this
    if (!line.frame) return
    if (!this.#drag) return event.pointerType === 'mouse' && line.hover(this.#seconds(event))
    const pulled = event.clientX - this.#drag.x
    this.#drag.far ||= Math.abs(pulled) > PULLED
    if (this.#drag.far) line.wish = moved(this.#drag.wish, line.now, -pulled * this.#scale(this.#drag.wish))
  }

  drop(event) {
    const drag = this.#drag
    this.#drag = null
    if (drag && !drag.far) this.line.press(Math.min(this.line.now, Math.max(0, this.#seconds(event))))
  }

  leave() {
    this.#drag = null
  }

  wheel(event) {
    const { line } = this
    const aside = event.deltaX || (event.shiftKey ? event.deltaY : 0)
    if (!line.frame || !(event.ctrlKey || aside)) return
    line.wish = event.ctrlKey
      ? zoomed(line.wish, line.now, event.deltaY > 0 ? STEP : 1 / STEP, this.#seconds(event))
      : moved(line.wish, line.now, aside * this.#scale(line.wish))
    event.preventDefault()
  }

  /** Seconds of the call that a pixel is. */
  #scale(wish) {
    const { from, to } = view_of(wish, this.line.now)
    return (to - from) / this.line.frame.width
  }

  #seconds(event) {
    const { left } = event.currentTarget.getBoundingClientRect()
    return view_of(this.line.wish, this.line.now).from + (event.clientX - left - this.line.frame.left) * this.#scale(this.line.wish)
  }
}
