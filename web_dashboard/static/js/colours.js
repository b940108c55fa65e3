// The stylesheet's colours for what is painted into a canvas, which knows no stylesheet.

/** The value of the token `--ew-<name>` in the theme that is on. */
export const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--ew-${name}`).trim()

/** Calls back when the theme changes; returns what stops it. */
export function on_theme(listener) {
  const watching = new MutationObserver(listener)
  watching.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => watching.disconnect()
}
