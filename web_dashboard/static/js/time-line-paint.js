// How a call's time line looks: the curve and the axis are uPlot's, the lanes and the silences are
// painted into the same canvas. A canvas knows no stylesheet, so colours are read from it.
import { token } from './colours.js'
import { duration } from './format.js'
import { language } from './language.js'

export const TONES = ['neutral', 'angry', 'sad', 'fearful', 'disgusted', 'surprised', 'happy']

const FLOOR = -1.18
const LANES = { customer: [-0.42, -0.68], unknown: [-0.42, -0.68], agent: [-0.82, -1.08] } // of the y scale, under the curve
/** Where a lane's name stands, as a share of the height. */
export const LANE_AT = { customer: (1 + 0.62) / (1 - FLOOR), agent: (1 + 1.02) / (1 - FLOOR) }
const NAMES = { zh: 2.25, en: 4.25 } // rem: what they need
const QUIET = [-0.36, -1.14]
const HOUR = 3500 // seconds: 1:00:00 is wider than 59:59
const THIN = 1.5 // pixels: what is said is never too short to be seen
const STEP = 5
const TICKS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]
const FILLED = new Set(['angry', 'sad', 'happy'])

/** The colours of the theme that is on. */
export function palette() {
  const moods = Object.fromEntries(TONES.map(tone => [tone, token(`mood-${tone}`)]))
  const fills = Object.fromEntries(TONES.map(tone => [tone, token(`mood-${FILLED.has(tone) ? tone : 'other'}-fill`)]))
  return {
    moods, fills, ink: token('ink-3'), line: token('line'), hatch: token('hatch'), customer: token('lane-customer'), agent: token('lane-agent'),
    draft: token('ink-off'), font: `${0.75 * rem()}px ${token('font')}`,
  }
}

/** Pixels of one rem. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize)

/** What uPlot is told. `colours()` and `strip()` are asked at each drawing. */
export function options(width, height, colours, strip) {
  return {
    width, height, padding: [() => rem(), plot => (plot.scales.x.max >= HOUR ? 1.6 : 1.2) * rem(), 0, () => NAMES[language()] * rem()], legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false }, y: { range: [FLOOR, 1] } },
    series: [{}, ...TONES.map(tone => series(tone, colours))],
    axes: [axis(colours), { show: false }],
    hooks: { drawAxes: [plot => quiet(plot, strip(), colours())], draw: [plot => lanes(plot, strip(), colours())] },
  }
}

function series(tone, colours) {
  const calm = tone === 'neutral'
  return { width: calm ? 1.25 : 1.75, points: { show: false }, stroke: () => colours().moods[tone], fill: calm ? undefined : () => colours().fills[tone], fillTo: 0 }
}

function axis(colours) {
  return {
    size: 1.35 * rem(), gap: 2, font: colours().font, stroke: () => colours().ink, ticks: { show: false }, incrs: TICKS, space: 64,
    grid: { stroke: () => colours().line, width: 1 }, values: (_, times) => times.map(duration),
  }
}

const box = (plot, { from, to }, [top, bottom]) => {
  const left = plot.valToPos(from, 'x', true)
  const high = plot.valToPos(top, 'y', true)
  return [left, high, Math.max(THIN * devicePixelRatio, plot.valToPos(to, 'x', true) - left), plot.valToPos(bottom, 'y', true) - high]
}

/** Silence is a hatch, never a fill; hold and lost audio are framed. */
function quiet(plot, strip, colours) {
  inside(plot, ctx => {
    base(plot, ctx, colours)
    for (const stretch of strip.quiet) {
      const area = box(plot, stretch, QUIET)
      ctx.strokeStyle = colours.hatch
      ctx.lineWidth = devicePixelRatio
      if (stretch.kind === 'pause') hatch(ctx, area)
      else frame(ctx, area)
    }
  })
}

function base(plot, ctx, colours) {
  const y = plot.valToPos(0, 'y', true)
  ctx.strokeStyle = colours.line
  ctx.beginPath()
  ctx.moveTo(plot.bbox.left, y)
  ctx.lineTo(plot.bbox.left + plot.bbox.width, y)
  ctx.stroke()
}

function hatch(ctx, [left, top, width, height]) {
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.beginPath()
  for (let x = left - height; x < left + width; x += STEP * devicePixelRatio) {
    ctx.moveTo(x, top + height)
    ctx.lineTo(x + height / 2, top)
  }
  ctx.stroke()
  ctx.restore()
}

function frame(ctx, area) {
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
  ctx.strokeRect(...area)
  ctx.setLineDash([])
}

function lanes(plot, strip, colours) {
  inside(plot, ctx => {
    for (const said of strip.said) {
      ctx.fillStyle = lane_colour(said, colours)
      ctx.fillRect(...box(plot, said, LANES[said.party]))
    }
  })
}

function lane_colour({ tone }, colours) {
  if (tone === 'agent' || tone === 'draft') return colours[tone]
  return tone === 'neutral' ? colours.customer : colours.moods[tone]
}

function inside(plot, paint) {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  paint(ctx)
  ctx.restore()
}
