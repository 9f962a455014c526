-- Forgets a closed case: the stub stays, its data key, body and look-ups go.
--
-- KEYS[1]  case      hash    v version, k wrapped key, b sealed body, x index entries, s stub
-- KEYS[2]  open      zset    open cases
-- KEYS[3]  purge     zset    closed cases by purge day
-- KEYS[4]  due       zset    waiting tasks
-- KEYS[5]  tokens    hash    tasks in hand
-- KEYS[6]  tries     hash    how often tasks were handed out
-- KEYS[7]  sent      set     tasks whose mail went out
-- KEYS[8]  messages  hash    Message-ID, hashed, to case
-- KEYS[9]  head      string  number and hash of the last audit entry
-- KEYS[10] audit     stream  the audit trail
-- KEYS[11...]        zset    cases of an address, one key an address of the argument list;
--                    list    then the trail of the entry's case, one key an audit entry
--
-- ARGV[1]  ref
-- ARGV[2]  version of the stub, one more than the case's
-- ARGV[3]  the stub
-- ARGV[4]  head of the audit trail as the entries below continue it
-- ARGV[5]  head after them
-- then lists, each its length first:
--   Message-IDs  hash
--   addresses    hash
--   tasks        task
--   entries      number, entry, hash before it, its hash
--
-- Returns {"ok"}, {"conflict"} the case has another version, or {"stale-head", head}.

local position = 5
local function take()
  position = position + 1
  return ARGV[position]
end
local function list(width)
  local rows = {}
  for i = 1, tonumber(take()) do
    rows[i] = {}
    for j = 1, width do rows[i][j] = take() end
  end
  return rows
end

local ref = ARGV[1]
local messages, addresses, tasks, entries = list(1), list(1), list(1), list(4)

if tonumber(redis.call('HGET', KEYS[1], 'v') or 0) + 1 ~= tonumber(ARGV[2]) then return {'conflict'} end
local stale = stale_head(KEYS[9], ARGV[4], entries)
if stale then return {'stale-head', stale} end

-- The trail comes first: its is the one write that Redis may refuse.
append(KEYS[9], KEYS[10], 10 + #addresses, ARGV[5], entries)

for _, id in ipairs(messages) do redis.call('HDEL', KEYS[8], id[1]) end
for i = 1, #addresses do redis.call('ZREM', KEYS[10 + i], ref) end
for _, row in ipairs(tasks) do
  local id = ref .. '#' .. row[1]
  redis.call('ZREM', KEYS[4], id)
  redis.call('HDEL', KEYS[5], id)
  redis.call('HDEL', KEYS[6], id)
  redis.call('SREM', KEYS[7], id)
end
redis.call('ZREM', KEYS[2], ref)
redis.call('ZREM', KEYS[3], ref)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', ARGV[2], 's', ARGV[3])
return {'ok'}
