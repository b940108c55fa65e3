// Which rows of a long list are drawn: those in sight and some around them. Pure; heights in pixels.

const AROUND = 8
export const MANY = 60 // a list this short is drawn whole

/** {first, last, above, below}: rows first to last (not included) are drawn, between spaces so high. */
export function drawn(count, row, { top, height }) {
  if (count < MANY || !row || !height) return { first: 0, last: count, above: 0, below: 0 }
  const last = Math.min(count, Math.max(0, Math.ceil((top + height) / row)) + AROUND)
  const first = Math.max(0, Math.min(last - 1, Math.floor(top / row) - AROUND))
  return { first, last, above: first * row, below: (count - last) * row }
}

/** Where to scroll so that row `index` is in sight; null where it is. `head` lies over the top. */
export function brought(index, row, { top, height }, head) {
  const at = index * row
  if (at < top) return at
  if (at + row + head > top + height) return at + row + head - height
  return null
}
