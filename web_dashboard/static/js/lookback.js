// How far back a long call is drawn: the newest of it, and earlier ones in steps as somebody goes back. Pure. `entries` stand in
// reading order; `since` is the call's second from which on they are drawn, null for the newest STEP alone: then an entry
// leaves at the top for each one that comes, so that an hour costs what its last minutes do.

export const STEP = 150

/** The index of the first entry that is drawn; never fewer than the newest STEP are. */
export function first_drawn(entries, since) {
  const newest = Math.max(0, entries.length - STEP)
  if (since === null) return newest
  const first = entries.findIndex(entry => entry.at >= since)
  return first < 0 ? newest : Math.min(newest, first)
}

/** `since` for one step more before the entry `first`. */
export const step_back = (entries, first) => since_of(entries, first - STEP)

/** `since` with as many steps before `first` as bring in the entry `key`; null where it is drawn already, or is none. */
export function reaching(entries, first, key) {
  const index = entries.findIndex(entry => entry.key === key)
  if (index < 0 || index >= first) return null
  return since_of(entries, first - STEP * Math.ceil((first - index) / STEP))
}

/** `since` that holds what is drawn from the entry `first` on, whatever comes. */
export const since_of = (entries, first) => entries[Math.max(0, first)]?.at ?? null
