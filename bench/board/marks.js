// In the page before anything of its own: notes when a probe was painted, what kept the page busy for
// more than 50 ms, and how often each row of the list is drawn.
const ew = { painted: {}, long: [], rows: 0 }
globalThis.ew_bench = ew

// A frame is painted after its animation callbacks: a task posted in one runs once that is done.
const after_paint = then => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = then
  port2.postMessage(0)
})

const probe_of = () => [
  document.querySelector('.popup[data-alert]')?.dataset.alert,
  document.querySelector('ew-prompt h2')?.textContent.trim(),
].filter(name => name?.startsWith('probe-'))

new MutationObserver(() => {
  for (const name of probe_of()) {
    if (name in ew.painted) continue
    ew.painted[name] = 0
    after_paint(() => {
      performance.mark(`painted ${name}`)
      ew.painted[name] = Date.now()
    })
  }
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-alert'] })

new PerformanceObserver(list => {
  for (const { startTime, duration } of list.getEntries()) ew.long.push([Math.round(startTime), Math.round(duration)])
}).observe({ type: 'longtask', buffered: true })

customElements.whenDefined('ew-call-row').then(row => {
  const second = new WeakMap()
  const own = row.prototype.updated
  row.prototype.updated = function (changed) {
    const now = Math.floor(performance.now() / 1000)
    const [at, count] = second.get(this) || [now, 0]
    const next = at === now ? count + 1 : 1
    second.set(this, [now, next])
    ew.rows = Math.max(ew.rows, next)
    return own.call(this, changed)
  }
})
