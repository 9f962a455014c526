-- A record that only the holder of its lease writes.
--
-- KEYS[1] lease   string with a TTL  token of the holder
-- KEYS[2] record  hash
-- ARGV[1] "acquire", "renew", "release" or "save"
-- ARGV[2] token
-- acquire, renew: ARGV[3] ms after which the lease ends by itself
-- save: ARGV[3] "1" to empty the record first, ARGV[4] number of fields to set, then each
--       with its value, then the fields to drop
-- Returns "ok"; "held": another has the lease; "lost": the token has it no more.

local holder = redis.call('GET', KEYS[1])
local verb, token = ARGV[1], ARGV[2]

if verb == 'acquire' then
  if holder and holder ~= token then return 'held' end
  redis.call('SET', KEYS[1], token, 'PX', ARGV[3])
  return 'ok'
end
if verb == 'release' then
  if holder == token then redis.call('DEL', KEYS[1]) end
  return 'ok'
end
if holder ~= token then return 'lost' end
if verb == 'renew' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 'ok'
end

if ARGV[3] == '1' then redis.call('DEL', KEYS[2]) end
local at = 5
for _ = 1, tonumber(ARGV[4]) do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for i = at, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
return 'ok'
