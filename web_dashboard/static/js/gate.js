// Where gateways stream calls in, as people have to type it. Pure.

const EVERYWHERE = new Set(['', '0.0.0.0', '::'])
const bracketed = host => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)

/** "wss://10.0.3.8:9090": `door` of GET /api/v1/setup; bound to every address, it is where this page came from. */
export function base_of({ host, port, tls }, here) {
  return `${tls ? 'wss' : 'ws'}://${bracketed(EVERYWHERE.has(host) ? here : host)}:${port}`
}

/** The command that plays a sample call to it. A key never stands in a command: others on the machine could read it. */
export const command_of = (door, here) => `python run_server.py send --demo 1 --to ${base_of(door, here)}/raw`

/** Whether only programs on the server's own machine get there. */
export const is_local = ({ host }) => host === 'localhost' || host === '::1' || host.startsWith('127.')
