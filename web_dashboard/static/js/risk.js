// Which call comes first, which alert pops up: risk first, and it stays put. Pure.
import { length } from './board-state.js'

export const SEVERITY = { watch: 1, high: 2, critical: 3 }

const by_severity = (one, other) => SEVERITY[other.severity] - SEVERITY[one.severity] || one.raised - other.raised

/** Alerts that are not closed, by call, the gravest first; those that wait before those someone has. */
export function alerts_by_call(alerts) {
  const found = new Map()
  for (const alert of alerts.values()) {
    if (!found.has(alert.call_id)) found.set(alert.call_id, [])
    found.get(alert.call_id).push(alert)
  }
  for (const list of found.values()) {
    list.sort((one, other) => waits(other) - waits(one) || by_severity(one, other))
  }
  return found
}

/** Nobody has it, or it has become graver since somebody took it. */
export const waits = alert => alert.state === 'active' || worse(alert)

/** Somebody has it, at a lower severity than it has now. */
export const worse = ({ state, severity, owned_severity }) =>
  state === 'acknowledged' && Boolean(owned_severity) && SEVERITY[severity] > SEVERITY[owned_severity]

/** Higher is riskier: the gravest alert that waits, then the gravest that someone has. */
function risk(alerts = []) {
  const top = pick => Math.max(0, ...alerts.filter(pick).map(alert => SEVERITY[alert.severity]))
  return top(waits) * 10 + top(alert => !waits(alert))
}

/** The ids of the calls as the list shows them: by risk, then by length. */
export function ranked(calls, by_call, now) {
  const keyed = calls.map(call => [call.call_id, risk(by_call.get(call.call_id)), length(call, now)])
  keyed.sort((one, other) => other[1] - one[1] || other[2] - one[2] || (one[0] < other[0] ? -1 : 1))
  return keyed.map(([id]) => id)
}

/** The order to show while nothing may move: who is there keeps its place, who is new comes last. */
export function settled(order, wanted) {
  const there = new Set(wanted)
  const kept = order.filter(id => there.has(id))
  const known = new Set(kept)
  return [...kept, ...wanted.filter(id => !known.has(id))]
}

/** A call that is over leaves the list, unless one of its alerts still waits or it is `open`. */
export function on_list(call, alerts = [], open = false) {
  return !call.ended || open || alerts.some(waits)
}

/** How urgent an alert is: each time that it is said again, because nobody took it, counts more than its severity. */
export const urgency = ({ severity, escalations = 0 }) => SEVERITY[severity] + 10 * escalations

/** What was noted of an alert: its urgency, or by an older version its severity. */
const was = noted => SEVERITY[noted] ?? noted ?? 0

/** The ids of alerts that a waiting summary of a storm lists. */
const summed_up = alerts => new Set([...alerts.values()].filter(waits).flatMap(alert => alert.members || []))

/** Alerts that may pop up, the gravest first: `seen` maps an id to the urgency at which it was
 * put away. It pops again only where that has risen since. `watch` never does; nor, until it is said
 * again, what a waiting summary lists. */
export function popups(alerts, seen) {
  const listed = summed_up(alerts)
  return [...alerts.values()]
    .filter(alert => waits(alert) && SEVERITY[alert.severity] > SEVERITY.watch)
    .filter(alert => !listed.has(alert.id) || alert.escalations > 0)
    .filter(alert => urgency(alert) > was(seen[alert.id]))
    .sort(by_severity)
}

/** The alerts whose severity is news: never rung before, or rung at a lower one. */
export function rings(alerts, rung) {
  return popups(alerts, {})
    .concat([...alerts.values()].filter(alert => waits(alert) && alert.severity === 'watch'))
    .filter(alert => urgency(alert) > was(rung[alert.id]))
}

/** `noted` where nothing stands higher than it is by now: an alert that has calmed and climbs again is
 * news. The very same value where nothing changes. */
export function calmed(alerts, noted) {
  const fallen = Object.keys(noted).filter(id => alerts.has(id) && urgency(alerts.get(id)) < was(noted[id]))
  if (!fallen.length) return noted
  return { ...noted, ...Object.fromEntries(fallen.map(id => [id, urgency(alerts.get(id))])) }
}

/** Of `noted`, what `alerts` still has. The very same value where that is all. */
export function only(alerts, noted) {
  const kept = Object.entries(noted).filter(([id]) => alerts.has(id))
  return kept.length === Object.keys(noted).length ? noted : Object.fromEntries(kept)
}
