// Icons: 16 px grid, 1.5 px strokes, drawn for this product. Severity has its own shape: eye, triangle,
// octagon; solid while it waits, outline when someone has it.
import { html, svg } from '../vendor/lit.js'

const SHAPES = {
  'brand': svg`<path d="M3 12h2.5M18.5 12H21M8.5 7v10M12 3.5v17M15.5 8.5v7"/>`,
  'search': svg`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>`,
  'up': svg`<path d="m4.5 9.5 3.5-3.5 3.5 3.5"/>`,
  'down': svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>`,
  'columns': svg`<rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M6 3v10M10 3v10"/>`,
  'sound': svg`<path d="M2 6v4h2.5L8 13V3L4.5 6H2Z"/><path d="M10.5 6a3 3 0 0 1 0 4M12.5 4a6 6 0 0 1 0 8"/>`,
  'moon': svg`<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z"/>`,
  'close': svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  'expand': svg`<path d="M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9"/>`,
  'speak': svg`<path d="M3 6.5v3M6.3 4v8M9.7 5.5v5M13 7v2"/>`,
  'silence': svg`<path d="M2.5 8h2M7 8h2M11.5 8h2"/>`,
  'hold': svg`<path d="M5.5 4v8M10.5 4v8"/>`,
  'broken': svg`<path d="M1.5 8H5l1.5-2.5M9.5 10.5 11 8h3.5M8.5 3l-1 2.5M8.5 10.5l-1 2.5"/>`,
  'check': svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  'prompt': svg`<path d="M8 2a4 4 0 0 0-2.3 7.3c.5.4.8.9.8 1.5v.2h3v-.2c0-.6.3-1.1.8-1.5A4 4 0 0 0 8 2ZM6.7 13.5h2.6"/>`,
  'ask': svg`<circle cx="6" cy="5" r="2.5"/><path d="M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M12.5 4v5M10 6.5h5"/>`,
  'phone': svg`<path d="M3.5 2.5h2l1.2 3-1.5 1.2a8 8 0 0 0 4 4l1.2-1.5 3 1.2v2c0 .6-.5 1.1-1.1 1.1A10.4 10.4 0 0 1 2.4 3.6c0-.6.5-1.1 1.1-1.1Z"/>`,
  'cloud-off': svg`<path d="M5 12.5h6.5a2.5 2.5 0 0 0 .7-4.9M9.5 4.3A3.8 3.8 0 0 0 4.7 6.7 3 3 0 0 0 3.5 12M2.5 2.5l11 11"/>`,
  'store': svg`<ellipse cx="8" cy="4" rx="5" ry="1.8"/><path d="M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8"/>`,
  'load': svg`<path d="M2.5 12.5v-3M6.2 12.5v-6M9.8 12.5v-8M13.5 12.5v-10"/>`,
  'copy': svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-1v-8h8v1"/>`,
  'watch-o': svg`<path d="M1.3 8C2.5 5.4 5 3.7 8 3.7s5.5 1.7 6.7 4.3c-1.2 2.6-3.7 4.3-6.7 4.3S2.5 10.6 1.3 8Z"/><circle cx="8" cy="8" r="2"/>`,
  'high-o': svg`<path d="M7.2 2.2a.9.9 0 0 1 1.6 0l5.9 10.4a.9.9 0 0 1-.8 1.4H2.1a.9.9 0 0 1-.8-1.4L7.2 2.2ZM8 6.3v3M8 11.6v0"/>`,
  'watch': svg`<path fill-rule="evenodd" d="M8 3C4.6 3 1.9 5.1.6 8c1.3 2.9 4 5 7.4 5s6.1-2.1 7.4-5C14.1 5.1 11.4 3 8 3Zm0 8a3 3 0 1 1 0-6 3 3 0 0 1 0 6Zm0-1.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z"/>`,
  'high': svg`<path fill-rule="evenodd" d="M6.8 1.7a1.4 1.4 0 0 1 2.4 0l6.1 10.7a1.4 1.4 0 0 1-1.2 2.1H1.9a1.4 1.4 0 0 1-1.2-2.1L6.8 1.7ZM7.2 5.5l.2 4.3h1.2l.2-4.3H7.2Zm-.1 6.1a.9.9 0 1 0 1.8 0 .9.9 0 0 0-1.8 0Z"/>`,
  'critical': svg`<path fill-rule="evenodd" d="M5 .7h6L15.3 5v6L11 15.3H5L.7 11V5L5 .7Zm2.1 3.1.3 5.4h1.2l.3-5.4H7.1Zm-.1 7.5a1 1 0 1 0 2 0 1 1 0 0 0-2 0Z"/>`,
  'play': svg`<path d="M5.5 3.2v9.6c0 .6.6.9 1.1.6l7-4.8a.7.7 0 0 0 0-1.2l-7-4.8c-.5-.3-1.1 0-1.1.6Z"/>`,
  'muted': svg`<path d="M2 6v4h2.5L8 13V3L4.5 6H2Z"/><path d="m10.5 6.3 3.5 3.5M14 6.3l-3.5 3.5"/>`,
  'pause': svg`<path d="M5 3.2h2v9.6H5zM9 3.2h2v9.6H9z"/>`,
  'critical-o': svg`<path d="M5.3 1.4h5.4l3.9 3.9v5.4l-3.9 3.9H5.3l-3.9-3.9V5.3ZM8 4.6v4.2M8 11.4v0"/>`,
  'whisper': svg`<path d="M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2v-7Z"/>`,
  'send': svg`<path d="M2.5 8h10M8.5 4l4 4-4 4"/>`,
  'plus': svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  'minus': svg`<path d="M3.5 8h9"/>`,
  'swap': svg`<path d="M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13"/>`,
  'keys': svg`<rect x="1.5" y="4" width="13" height="8.5" rx="1.5"/><path d="M4.5 7h0M7 7h0M9.5 7h0M12 7h0M5.5 10h5"/>`,
}

/** An icon in the colour of the text beside it. It says nothing to a screen reader: the text does. */
export function icon(name, size = '') {
  const box = name === 'brand' ? '0 0 24 24' : '0 0 16 16'
  return html`<svg class=${`i ${size}`} viewBox=${box} aria-hidden="true">${SHAPES[name]}</svg>`
}

/** The mark of a severity; an outline if `taken`. */
export function mark(severity, taken = false) {
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[taken ? `${severity}-o` : severity]}</svg>`
}

/** The drawing of an icon or a mark alone, to stand in an <svg> of one's own. */
export const shape = name => SHAPES[name]
