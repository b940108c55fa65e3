// A call of the archive (GET /api/v1/archive/calls/{id}) as the story and the row that the live board's parts show. Pure.
import { tell, NO_STORY } from './call-story.js'
import { upset } from './board-state.js'

const LATELY = 300 // seconds of mood, as on the board

/** {story, call, alerts}. */
export function told_of(archived) {
  const { call, silences, holds, prompts, messages } = archived
  const alerts = archived.alerts.map(alert => ({ ...alert, evidence: alert.evidence.map(one => heard_in(one, call.id)) }))
  const sentences = archived.sentences.map(said => ({
    type: said.unheard ? 'unheard' : 'transcript', ...said, reason: said.unheard, emotion_p: said.feels,
  }))
  const quiet = silences.map(one => ({ type: 'silence', ...one }))
  const events = [...sentences, ...quiet, ...holds.map(hold_of), ...alerts, ...prompts, ...messages]
  if (call.ended) events.push({ type: 'call_ended', at: call.duration, reason: call.reason })
  return { story: tell(NO_STORY, events), call: row_of(call, sentences), alerts }
}

/** Who swapped the parties the archive does not keep: `by` null. */
function hold_of({ kind, at }) {
  switch (kind) {
    case 'stalled': case 'resumed': return { type: 'stalled', at, ended: kind === 'resumed' }
    case 'swapped': case 'as_told': return { type: 'swapped', at, swapped: kind === 'swapped', by: null }
    default: return { type: kind, at }
  }
}

/** Its clip is asked of the archive: the live address knows only calls of today. */
const heard_in = (one, id) => (one.clip ? { ...one, clip: `/api/v1/archive/calls/${id}/clip?${one.clip.split('?')[1]}` } : one)

function row_of(call, sentences) {
  const at = call.duration || sentences.at(-1)?.end || 0
  const heard = sentences.filter(one => one.party === 'customer' && one.type === 'transcript' && one.end >= at - LATELY)
  const mood = heard.map(one => [one.start, one.end, one.emotion, upset(one)])
  return { ...call, at, ended: Boolean(call.ended), activity: 'talking', speaker: '', since: at, mood }
}
