// Where someone goes after signing in.

const HERE = 'http://here.invalid'

/** `next` if it is a page of ours and this role may see it, else the role's own page. */
export function home_of(me, next) {
  const own = me.role === 'agent' ? `/agent/${encodeURIComponent(me.agent_id)}` : '/'
  if (!next?.startsWith('/') || !is_ours(next) || next.startsWith('/login')) return own
  if (me.role === 'agent' && !next.startsWith('/agent/')) return own
  return next
}

/** Asked as a browser reads it: it drops tabs and line breaks, and takes `\` for `/`. */
function is_ours(next) {
  try {
    return new URL(next, HERE).origin === HERE
  } catch {
    return false
  }
}
