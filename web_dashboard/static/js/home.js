// Where someone goes after signing in.

/** `next` if it is a page of ours and this role may see it, else the role's own page. */
export function home_of(me, next) {
  const own = me.role === 'agent' ? `/agent/${encodeURIComponent(me.agent_id)}` : '/'
  if (!next || !/^\/(?![/\\])/.test(next) || next.startsWith('/login')) return own
  if (me.role === 'agent' && !next.startsWith('/agent/')) return own
  return next
}
