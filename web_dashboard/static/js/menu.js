// What every <details class="menu"> does: Escape closes it and goes back to its button; a press or the
// focus anywhere else closes it too.

/** For the `keydown` of a menu. */
export function close_on_escape(event) {
  if (event.key !== 'Escape' || !event.currentTarget.open) return
  event.currentTarget.open = false
  event.currentTarget.querySelector('summary').focus()
  event.stopPropagation()
}

/** For a whole page, once. */
export function close_left_menus() {
  const close = ({ target }) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.open = false
  }
  addEventListener('pointerdown', close)
  addEventListener('focusin', close)
}
