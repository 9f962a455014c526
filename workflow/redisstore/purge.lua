-- Forgets a closed case: the stub stays, its data key, body and look-ups go. Of a pseudo-case nothing stays.
--
-- KEYS[1]  head      string  number and hash of the last audit entry
-- KEYS[2]  audit     stream  the audit trail
-- KEYS[3]  case      hash    v version, k wrapped key, b sealed body, x index entries, s stub
-- KEYS[4]  open      zset    open cases
-- KEYS[5]  purge     zset    closed cases by purge day; or the list of pseudo-cases
-- KEYS[6]  due       zset    waiting tasks
-- KEYS[7]  tokens    hash    tasks in hand
-- KEYS[8]  tries     hash    how often tasks were handed out
-- KEYS[9]  sent      set     tasks whose mail went out
-- KEYS[10] messages  hash    Message-ID, hashed, to case
-- KEYS[11] files     hash    the case's documents
-- KEYS[12...]        zset    cases of an address, one key an address of the argument list;
--                    list    then the trail of the entry's case, one key an audit entry
--
-- ARGV[1]  head of the audit trail as the entries below continue it
-- ARGV[2]  head after them
-- ARGV[3]  ref
-- ARGV[4]  version of the stub, one more than the case's
-- ARGV[5]  the stub, "" for none
-- then lists, each its length first:
--   Message-IDs  hash
--   addresses    hash
--   tasks        task
--   entries      number, entry, hash before it, its hash
--
-- Returns {"ok"}, {"conflict"} the case has another version, or {"stale-head", head}.

local ref = ARGV[3]
local list = lists(5)
local messages, addresses, tasks, entries = list(1), list(1), list(1), list(4)

if tonumber(redis.call('HGET', KEYS[3], 'v') or 0) + 1 ~= tonumber(ARGV[4]) then return {'conflict'} end
local head = stale(entries)
if head then return {'stale-head', head} end

append(entries)

for _, id in ipairs(messages) do redis.call('HDEL', KEYS[10], id[1]) end
for i = 1, #addresses do redis.call('ZREM', KEYS[11 + i], ref) end
for _, row in ipairs(tasks) do
  local id = ref .. '#' .. row[1]
  redis.call('ZREM', KEYS[6], id)
  redis.call('HDEL', KEYS[7], id)
  redis.call('HDEL', KEYS[8], id)
  redis.call('SREM', KEYS[9], id)
end
redis.call('ZREM', KEYS[4], ref)
redis.call('ZREM', KEYS[5], ref)
redis.call('DEL', KEYS[3], KEYS[11])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[3], 'v', ARGV[4], 's', ARGV[5]) end
return {'ok'}
