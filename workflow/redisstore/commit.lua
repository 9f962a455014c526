-- One change of one case: all of it, or nothing.
--
-- KEYS[1]  head      string  number and hash of the last audit entry
-- KEYS[2]  audit     stream  the audit trail
-- KEYS[3]  case      hash    v version, k wrapped key, b sealed body, x index entries
-- KEYS[4]  cases     zset    every case by order of opening; or, of a pseudo-case, every one of its like
-- KEYS[5]  open      zset    open cases by due day, then order of opening
-- KEYS[6]  purge     zset    closed cases by purge day
-- KEYS[7]  due       zset    waiting tasks by time
-- KEYS[8]  tokens    hash    task to the token of who has it in hand
-- KEYS[9]  tries     hash    task to how often it was handed out
-- KEYS[10] sent      set     tasks whose mail went out
-- KEYS[11] seen      set     identities filed so far, hashed
-- KEYS[12] messages  hash    Message-ID, hashed, to case
-- KEYS[13] files     hash    the case's documents: k and b before their name, wrapped key and sealed body
-- KEYS[14...]        zset    cases of an address, one key an address of the argument list;
--                    list    then the trail of the entry's case, one key an audit entry
--
-- ARGV[1]  head of the audit trail as the entries below continue it
-- ARGV[2]  head after them
-- ARGV[3]  ref
-- ARGV[4]  version that the case has after the change
-- ARGV[5]  wrapped data key
-- ARGV[6]  sealed body
-- ARGV[7]  "1" if lists show the case, "" for the desk
-- ARGV[8]  due day in days since 1970, "" if the case is closed
-- ARGV[9]  purge day in days since 1970, "" if there is none
-- ARGV[10] task whose claim this change finishes, or ""
-- ARGV[11] token of that claim
-- then lists, each its length first:
--   identities   hash
--   Message-IDs  hash
--   addresses    hash
--   waiting      task, due time in ms
--   settled      task
--   files        name (keyed hash), wrapped key, sealed body of a new document
--   needed       name of a document that the case still needs; every other is destroyed
--   entries      number, entry, hash before it, its hash
--
-- Returns {"ok"}, {"duplicate"} an identity was seen, {"conflict"} the case has another
-- version, {"lost"} the claim is another's, or {"stale-head", head} the trail went on.

local ref, version, claimed = ARGV[3], tonumber(ARGV[4]), ARGV[10]
local list = lists(11)
local identities, messages, addresses = list(1), list(1), list(1)
local waiting, settled = list(2), list(1)
local files, needed, entries = list(3), list(1), list(4)
local function task(n) return ref .. '#' .. n end

-- First every reason to write nothing.
for _, identity in ipairs(identities) do
  if redis.call('SISMEMBER', KEYS[11], identity[1]) == 1 then return {'duplicate'} end
end
local had = redis.call('HMGET', KEYS[3], 'v', 'x')
if tonumber(had[1] or 0) + 1 ~= version then return {'conflict'} end
if claimed ~= '' and redis.call('HGET', KEYS[8], task(claimed)) ~= ARGV[11] then return {'lost'} end
local head = stale(entries)
if head then return {'stale-head', head} end

append(entries)

-- The indexes. x remembers each entry, so that forgetting the case finds it.
local order = 0
if ARGV[7] == '1' then
  order = redis.call('ZSCORE', KEYS[4], ref)
  if not order then
    local last = redis.call('ZRANGE', KEYS[4], -1, -1, 'WITHSCORES')
    order = tonumber(last[2] or 0) + 1
    redis.call('ZADD', KEYS[4], order, ref)
  end
end
local index = had[2] or ''
for i, address in ipairs(addresses) do
  if redis.call('ZADD', KEYS[13 + i], 'NX', order, ref) == 1 then index = index .. 'a' .. address[1] end
end
for _, id in ipairs(messages) do
  if redis.call('HSETNX', KEYS[12], id[1], ref) == 1 then index = index .. 'm' .. id[1] end
end
for _, identity in ipairs(identities) do redis.call('SADD', KEYS[11], identity[1]) end
if ARGV[8] == '' or ARGV[7] == '' then
  redis.call('ZREM', KEYS[5], ref)
else
  -- Unique, so that a walk can go on after any of them; exact below 2^53.
  redis.call('ZADD', KEYS[5], string.format('%.0f', tonumber(ARGV[8]) * 100000000 + order), ref)
end
if ARGV[9] == '' or ARGV[7] == '' then
  redis.call('ZREM', KEYS[6], ref)
else
  redis.call('ZADD', KEYS[6], ARGV[9], ref)
end

redis.call('HSET', KEYS[3], 'v', version, 'k', ARGV[5], 'b', ARGV[6], 'x', index)

-- The documents.
for _, file in ipairs(files) do redis.call('HSET', KEYS[13], 'k' .. file[1], file[2], 'b' .. file[1], file[3]) end
local keep = {}
for _, id in ipairs(needed) do keep[id[1]] = true end
for _, field in ipairs(redis.call('HKEYS', KEYS[13])) do
  if not keep[string.sub(field, 2)] then redis.call('HDEL', KEYS[13], field) end
end

-- The due queue. The finished task is booked again below if it still waits; a task in
-- another's hand keeps the time of its return.
if claimed ~= '' then
  redis.call('HDEL', KEYS[8], task(claimed))
  redis.call('ZREM', KEYS[7], task(claimed))
end
local waits = {}
for _, row in ipairs(waiting) do
  local id = task(row[1])
  waits[row[1]] = true
  if redis.call('HEXISTS', KEYS[8], id) == 0 then redis.call('ZADD', KEYS[7], row[2], id) end
end
if claimed ~= '' and not waits[claimed] then settled[#settled + 1] = {claimed} end
for first = 1, #settled, 500 do -- unpack takes no more than some thousands
  local ids = {}
  for i = first, math.min(first + 499, #settled) do ids[#ids + 1] = task(settled[i][1]) end
  redis.call('ZREM', KEYS[7], unpack(ids))
  redis.call('HDEL', KEYS[8], unpack(ids))
  redis.call('HDEL', KEYS[9], unpack(ids))
  redis.call('SREM', KEYS[10], unpack(ids))
end
return {'ok'}
