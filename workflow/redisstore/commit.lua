-- One change of one case: all of it, or nothing.
--
-- KEYS[1]  case      hash    v version, k wrapped key, b sealed body, x index entries
-- KEYS[2]  cases     zset    every case by order of opening
-- KEYS[3]  open      zset    open cases by due day, then order of opening
-- KEYS[4]  purge     zset    closed cases by purge day
-- KEYS[5]  due       zset    waiting tasks by time
-- KEYS[6]  tokens    hash    task to the token of who has it in hand
-- KEYS[7]  tries     hash    task to how often it was handed out
-- KEYS[8]  sent      set     tasks whose mail went out
-- KEYS[9]  seen      set     identities filed so far, hashed
-- KEYS[10] messages  hash    Message-ID, hashed, to case
-- KEYS[11] head      string  number and hash of the last audit entry
-- KEYS[12] audit     stream  the audit trail
-- KEYS[13...]        zset    cases of an address, one key an address of the argument list;
--                    list    then the trail of the entry's case, one key an audit entry
--
-- ARGV[1]  ref
-- ARGV[2]  version that the case has after the change
-- ARGV[3]  wrapped data key
-- ARGV[4]  sealed body
-- ARGV[5]  "1" if lists show the case, "" for the desk
-- ARGV[6]  due day in days since 1970, "" if the case is closed
-- ARGV[7]  purge day in days since 1970, "" if there is none
-- ARGV[8]  task whose claim this change finishes, or ""
-- ARGV[9]  token of that claim
-- ARGV[10] head of the audit trail as the entries below continue it
-- ARGV[11] head after them
-- then lists, each its length first:
--   identities   hash
--   Message-IDs  hash
--   addresses    hash
--   waiting      task, due time in ms
--   settled      task
--   entries      number, entry, hash before it, its hash
--
-- Returns {"ok"}, {"duplicate"} an identity was seen, {"conflict"} the case has another
-- version, {"lost"} the claim is another's, or {"stale-head", head} the trail went on.

local position = 11
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

local ref, version = ARGV[1], tonumber(ARGV[2])
local identities, messages, addresses = list(1), list(1), list(1)
local waiting, settled, entries = list(2), list(1), list(4)
local function task(n) return ref .. '#' .. n end

-- First every reason to write nothing.
for _, identity in ipairs(identities) do
  if redis.call('SISMEMBER', KEYS[9], identity[1]) == 1 then return {'duplicate'} end
end
if tonumber(redis.call('HGET', KEYS[1], 'v') or 0) + 1 ~= version then return {'conflict'} end
local claimed = ARGV[8]
if claimed ~= '' and redis.call('HGET', KEYS[6], task(claimed)) ~= ARGV[9] then return {'lost'} end
local stale = stale_head(KEYS[11], ARGV[10], entries)
if stale then return {'stale-head', stale} end

-- The trail comes first: its is the one write that Redis may refuse.
append(KEYS[11], KEYS[12], 12 + #addresses, ARGV[11], entries)

-- The indexes. x remembers each entry, so that forgetting the case finds it.
local order = 0
if ARGV[5] == '1' then
  order = redis.call('ZSCORE', KEYS[2], ref)
  if not order then
    local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
    order = tonumber(last[2] or 0) + 1
    redis.call('ZADD', KEYS[2], order, ref)
  end
end
local index = redis.call('HGET', KEYS[1], 'x') or ''
for i, address in ipairs(addresses) do
  if redis.call('ZADD', KEYS[12 + i], 'NX', order, ref) == 1 then index = index .. 'a' .. address[1] end
end
for _, id in ipairs(messages) do
  if redis.call('HSETNX', KEYS[10], id[1], ref) == 1 then index = index .. 'm' .. id[1] end
end
for _, identity in ipairs(identities) do redis.call('SADD', KEYS[9], identity[1]) end
if ARGV[5] == '1' then
  if ARGV[6] == '' then
    redis.call('ZREM', KEYS[3], ref)
  else
    -- Unique, so that a walk can go on after any of them; exact below 2^53.
    redis.call('ZADD', KEYS[3], string.format('%.0f', tonumber(ARGV[6]) * 100000000 + order), ref)
  end
  if ARGV[7] == '' then
    redis.call('ZREM', KEYS[4], ref)
  else
    redis.call('ZADD', KEYS[4], ARGV[7], ref)
  end
end

redis.call('HSET', KEYS[1], 'v', version, 'k', ARGV[3], 'b', ARGV[4])
if index ~= '' then redis.call('HSET', KEYS[1], 'x', index) end

-- The due queue. A task in another's hand keeps the time of its return.
if claimed ~= '' then
  redis.call('HDEL', KEYS[6], task(claimed))
  redis.call('ZREM', KEYS[5], task(claimed))
end
local waits = {}
for _, row in ipairs(waiting) do
  local id = task(row[1])
  waits[row[1]] = true
  if redis.call('HEXISTS', KEYS[6], id) == 0 then redis.call('ZADD', KEYS[5], row[2], id) end
end
for _, row in ipairs(settled) do
  local id = task(row[1])
  redis.call('ZREM', KEYS[5], id)
  redis.call('HDEL', KEYS[6], id)
  redis.call('HDEL', KEYS[7], id)
  redis.call('SREM', KEYS[8], id)
end
if claimed ~= '' and not waits[claimed] then
  redis.call('HDEL', KEYS[7], task(claimed))
  redis.call('SREM', KEYS[8], task(claimed))
end

return {'ok'}
