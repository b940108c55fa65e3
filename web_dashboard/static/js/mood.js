// The customer's mood in a word, and as a curve. Words follow the rules, not the raw score, so that
// mood and alert never contradict each other (design, principles 3 and 7). Pure.
const WORDS = {
  NEUTRAL: 'neutral', SAD: 'sad', FEARFUL: 'fearful', DISGUSTED: 'disgusted', SURPRISED: 'surprised', HAPPY: 'happy',
}
const ANGRY_KINDS = new Set(['ANGRY', 'ESCALATION'])
const CALM = new Set(['NEUTRAL', 'HAPPY', 'SURPRISED'])
const CALM_WORDS = new Set(['neutral', 'happy'])
const GAP_SECONDS = 20

const episode = alerts => alerts.find(alert => ANGRY_KINDS.has(alert.kind))

export const is_angry = alerts => Boolean(episode(alerts))

/** {word: key of words.js, tone: css suffix, since: media seconds or null, easing}. */
export function mood_of(call, alerts = []) {
  const anger = episode(alerts)
  const latest = call.mood.at(-1)
  if (anger) {
    const word = anger.severity === 'critical' ? 'mood.angry.very' : 'mood.angry'
    return { word, tone: 'angry', since: anger.since, easing: Boolean(latest && CALM.has(latest[2])) }
  }
  const heard = latest?.[2]
  if (heard === 'ANGRY') return { word: 'mood.angry.maybe', tone: 'angry mood-maybe', since: null, easing: false }
  const word = WORDS[heard] || 'unknown'
  const noticed = alerts.some(alert => alert.kind === heard)
  return { word: `mood.${word}`, tone: tone_of_word(word, noticed), since: since(call.mood, heard), easing: false }
}

/** What no rule has noticed is written without weight, but for happiness: nobody is warned of that. */
function tone_of_word(word, noticed) {
  if (word === 'unknown') return 'neutral'
  return noticed || CALM_WORDS.has(word) ? word : `${word} mood-maybe`
}

/** Since when the last sentences have carried this emotion; calm is not counted. */
function since(mood, emotion) {
  if (!WORDS[emotion] || emotion === 'NEUTRAL') return null
  const before = mood.findLastIndex(sentence => sentence[2] !== emotion)
  return mood[before + 1][0]
}

/** 'rising', 'falling' or '' over the last minute: the later half against the earlier half. */
export function trend(mood, now) {
  const minute = mood.filter(sentence => sentence[1] >= now - 60 && sentence[2] !== 'EMO_UNKNOWN')
  if (minute.length < 2) return ''
  const half = Math.floor(minute.length / 2)
  const mean = sentences => sentences.reduce((sum, sentence) => sum + Math.max(0, sentence[3]), 0) / sentences.length
  const change = mean(minute.slice(half)) - mean(minute.slice(0, half))
  return change > 0.15 ? 'rising' : change < -0.15 ? 'falling' : ''
}

/** What colours a sentence: its emotion once a rule has noticed it, grey before. Nobody is warned of
 * happiness, so that shows by itself; and where alerts are not told (null), each sentence does. */
export function tone_of(sentence, alerts) {
  const [, end, emotion] = sentence
  if (emotion === 'HAPPY' || (alerts === null && WORDS[emotion])) return WORDS[emotion]
  if (alerts === null) return emotion === 'ANGRY' ? 'angry' : 'neutral'
  const noticed = alerts.some(alert => end >= alert.since && (
    (emotion === 'ANGRY' && ANGRY_KINDS.has(alert.kind)) || alert.kind === emotion))
  return noticed ? emotion.toLowerCase() : 'neutral'
}

/** Runs of points {tone, points: [[x, y]...]} and gaps [[x0, x1]...], x and y from 0 to 1: x over the
 * `window` seconds up to `now`, y from calm (0) to upset (1), below zero for happy. */
export function curve(mood, alerts, now, window) {
  const start = now - window
  const heard = mood.filter(sentence => sentence[2] !== 'EMO_UNKNOWN' && sentence[1] > start)
  const x = time => Math.min(1, Math.max(0, (time - start) / window))
  const runs = []
  const gaps = []
  let before = null
  for (const sentence of heard) {
    const tone = tone_of(sentence, alerts)
    const points = [[x(sentence[0]), sentence[3]], [x(sentence[1]), sentence[3]]]
    const joined = before && sentence[0] - before[1] <= GAP_SECONDS
    if (before && !joined) gaps.push([x(before[1]), x(sentence[0])])
    const run = runs.at(-1)
    if (joined && run.tone === tone) run.points.push(...points)
    else if (joined) join(runs, tone, points)
    else runs.push({ tone, points })
    before = sentence
  }
  if (before && now - before[1] > GAP_SECONDS) gaps.push([x(before[1]), 1])
  return { runs, gaps }
}

/** Two runs of different tones meet in one point; the way up to an emotion still belongs to the calm. */
function join(runs, tone, points) {
  const before = runs.at(-1)
  if (tone === 'neutral') return runs.push({ tone, points: [before.points.at(-1), ...points] })
  before.points.push(points[0])
  runs.push({ tone, points })
}
