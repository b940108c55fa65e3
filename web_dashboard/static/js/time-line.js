// A call laid out on its own time: who spoke when, how the customer sounded, where it was quiet, what
// was raised and prompted, and where there is sound to play. Pure; all times are seconds of the call.
import { tone_of } from './mood.js'
import { in_order } from './call-story.js'

export const RECENT = 180 // what is in sight at first
const SHORTEST = 20
const LEAST = 60 // a call that has just begun is not stretched over the whole width
const OPENS = { 'story.hold': 'hold', 'story.stalled': 'stalled' }
const CLOSES = new Set(['story.unhold', 'story.resumed', 'story.ended', 'story.lost'])
const PINNED = new Set(['alert', 'prompt', 'whisper'])

/** What to draw of `entries` (in reading order) at `now`: {said, quiet, pinned, mood}. */
export function strip_of(entries, now) {
  const sentences = entries.filter(entry => entry.kind === 'sentence')
  const said = entries.filter(entry => entry.kind === 'sentence' || entry.kind === 'draft')
    .map(({ key, at, end, party, kind, emotion }) => ({ key, from: at, to: end, party, tone: kind === 'sentence' ? tone(party, end, emotion) : 'draft' }))
  const mood = sentences.filter(one => one.party === 'customer').map(one => [one.at, one.end, one.emotion, one.upset])
  return { said, quiet: quiet_of(entries, now), pinned: entries.filter(entry => PINNED.has(entry.kind)), mood }
}

const tone = (party, end, emotion) => (party === 'agent' ? 'agent' : tone_of([0, end, emotion], null))

/** Stretches without speech: {from, to, kind: pause, hold or stalled}. What still goes on lasts until `now`. */
function quiet_of(entries, now) {
  const found = entries.filter(entry => entry.kind === 'pause').map(({ at, lasted }) => ({ from: at, to: at + lasted, kind: 'pause' }))
  let open = null
  for (const { kind, word, at } of entries) {
    if (kind !== 'mark') continue
    if (open && CLOSES.has(word)) {
      found.push({ ...open, to: at })
      open = null
    }
    if (OPENS[word]) open ||= { from: at, kind: OPENS[word] }
  }
  return open ? [...found, { ...open, to: Math.max(now, open.from) }] : found
}

/** Where the keys stop: everything that was said, raised or not said, but for what may still change. */
export const stops_of = story => in_order(story).filter(entry => entry.kind !== 'draft')

/** The stop `step` after (or before) the one with `key`; without one, the newest that is not after `now`.
 * `grave`: only alerts and prompts count. */
export function stop_from(stops, key, step, grave = false) {
  const at = stops.findIndex(stop => stop.key === key)
  if (at < 0) return (grave ? stops.filter(is_grave) : stops).at(-1)
  for (let index = at + step; index >= 0 && index < stops.length; index += step) {
    if (!grave || is_grave(stops[index])) return stops[index]
  }
  return stops[at]
}

const is_grave = ({ kind }) => kind === 'alert' || kind === 'prompt'

/** The stop that lies nearest to `at`. */
export function nearest(stops, at) {
  const far = stop => (at >= stop.at && at <= (stop.end ?? stop.at) ? 0 : Math.abs(stop.at - at))
  return stops.reduce((best, stop) => (best && far(best) <= far(stop) ? best : stop), null)
}

/** {from, to} in sight: `span` seconds (0: the whole call) that end at `end`, or follow the call where that is null. */
export function view_of({ span, end }, now) {
  const whole = Math.max(LEAST, now)
  const width = Math.min(span || whole, whole)
  const to = Math.min(whole, Math.max(width, end ?? whole))
  return { from: to - width, to }
}

/** The wish {span, end} after zooming by `factor` (below 1: nearer) around `at`, which keeps its place. */
export function zoomed(wish, now, factor, at) {
  const { from, to } = view_of(wish, now)
  const width = Math.max(SHORTEST, (to - from) * factor)
  if (width >= now) return { span: 0, end: null }
  const share = (Math.min(to, Math.max(from, at)) - from) / (to - from)
  return settled_at(at + width * (1 - share), width, now)
}

/** The wish with `at` in sight: left alone where it is. */
export function showing(wish, now, at) {
  const { from, to } = view_of(wish, now)
  if (at >= from && at <= to) return wish
  return settled_at(at + (to - from) / 2, to - from, now)
}

/** The wish moved by `seconds`. */
export function moved(wish, now, seconds) {
  const { from, to } = view_of(wish, now)
  return settled_at(to + seconds, to - from, now)
}

/** Whoever is at the newest end goes along with the call. */
const settled_at = (end, span, now) => ({ span, end: end >= now ? null : Math.max(span, end) })

/** The columns uPlot draws: [times, then for each of `tones` its values or null], from runs of mood.js. */
export function columns(runs, { from, to }, tones) {
  const points = runs.flatMap(run => [...run.points.map(([x, y]) => [from + x * (to - from), y, run.tone]), null]).slice(0, -1)
  const times = points.map((point, index) => (point || points[index - 1])[0])
  return [times, ...tones.map(wanted => points.map(point => (point && point[2] === wanted ? point[1] : null)))]
}

/** The clip {src, from, to} in which `at` is heard, the latest; null where there is none. */
export const clip_at = (clips, at) => clips.findLast(clip => at >= clip.from - 0.05 && at < clip.to) || null

/** The clip nearest to `at`, null where the call has none. */
export function nearest_clip(clips, at) {
  const far = clip => Math.max(clip.from - at, at - clip.to, 0)
  return clips.reduce((best, clip) => (best && far(best) <= far(clip) ? best : clip), null)
}

/** Every clip of a story, oldest first. */
export function clips_of(story) {
  const found = new Map([...story.values()].flatMap(entry => entry.clips || []).map(clip => [clip.src, clip]))
  return [...found.values()].sort((one, other) => one.from - other.from)
}
