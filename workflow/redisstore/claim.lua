-- Hands out the next due task, and books its return first: whoever takes it and dies
-- loses nothing.
--
-- KEYS[1] due     zset  waiting tasks by time
-- KEYS[2] tokens  hash  task to the token of who has it in hand
-- KEYS[3] tries   hash  task to how often it was handed out
-- ARGV[1] now in ms
-- ARGV[2] time of the return in ms
-- ARGV[3] token
-- Returns {"task", id, tries}, {"none", time of the next one in ms} or {"none"}.

local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #first == 0 then return {'none'} end
local id = first[1]
if tonumber(first[2]) > tonumber(ARGV[1]) then return {'none', first[2]} end
redis.call('ZADD', KEYS[1], ARGV[2], id)
redis.call('HSET', KEYS[2], id, ARGV[3])
return {'task', id, redis.call('HINCRBY', KEYS[3], id, 1)}
