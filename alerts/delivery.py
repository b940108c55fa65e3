"""How a batch goes into Redis: one script, in order, nothing twice."""

from collections.abc import Sequence

from alerts.outbox import Letter

_STATE_TTL = 3600  # seconds that the live state of a call outlives its last message
_ENDED_TTL = 60

# KEYS: log, number, open calls. ARGV: milliseconds the log keeps, ttl of the number, the number
# that Redis ought to have, the name of this server, then seven a letter. Returns the last
# number, or -1 - number where Redis has less than it ought to: it was restarted behind our
# back, and nothing is done.
# What a call is gone on with ('state') is kept only while the server that writes it holds the
# call: see alerts/claims.py. It goes in together with the messages after which it was taken:
# whoever goes on from it has told neither more nor less. The open calls are known by when
# there was a sign of life of them: see alerts/lost_calls.py.
# The number is stored letter by letter: Redis does not undo a script that fails in the middle.
# The hash is derived from the log: what is wrong with it must not hold the log up.
SCRIPT = """
local function keep(key, body, ttl)
  local server, force, how, owner, state =
    string.match(body, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
  local holder = redis.call('HGET', key, 'server')
  if holder and holder ~= server and force ~= 'force' then return end
  local now = redis.call('TIME')
  now = string.format('%.0f', now[1] * 1000 + now[2] / 1000)
  redis.call('HSET', key, 'server', server, 'how', how, 'owner', owner, 'state', state,
             'wrote', now)
  redis.call('ZADD', KEYS[3], now, key)
  redis.call('EXPIRE', key, ttl)
end
local function over(key)
  local got = redis.call('HMGET', key, 'server', 'how')
  if got[1] ~= ARGV[4] or got[2] == 'claimed' then return end
  redis.call('HDEL', key, 'state')
  redis.call('HSET', key, 'server', 'over')
  redis.call('ZREM', KEYS[3], key)
end
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if last < tonumber(ARGV[3]) then return -1 - last end
local oldest = math.max(0, redis.call('TIME')[1] * 1000 - ARGV[1])
oldest = string.format('%.0f-0', oldest)
for i = 5, #ARGV, 7 do
  local number, channel, body = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  if number > last then
    if ARGV[i + 3] == '1' then
      redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'json', body)
    end
    redis.call('SET', KEYS[2], ARGV[i], 'EX', ARGV[2])
    last = number
    local key, slot, ttl = ARGV[i + 4], ARGV[i + 5], ARGV[i + 6]
    if slot == 'state' then
      pcall(keep, key, body, ttl)
    else
      redis.pcall('HSET', key, slot, body)
      redis.pcall('EXPIRE', key, ttl)
      if slot == 'call_ended' then pcall(over, key) end
    end
    if channel ~= '' then redis.call('PUBLISH', channel, body) end
  end
end
return last
"""


def number_ttl(keep_ms: int) -> int:
    """Seconds. Far longer than the idle look that renews it: lost, all would be sent again."""
    return keep_ms // 1000 + 86_400


def arguments(
    batch: Sequence[Letter], keep_ms: int, delivered: int, server: str
) -> list[str | int | bytes]:
    """What `SCRIPT` wants to deliver `batch` after the message numbered `delivered`."""
    found: list[str | int | bytes] = [keep_ms, number_ttl(keep_ms), delivered, server]
    for one in batch:
        ttl = _ENDED_TTL if one.slot == "call_ended" else _STATE_TTL
        found += [one.number, one.channel, one.body, int(one.logged), one.key, one.slot, ttl]
    return found
