-- Counts one more of something, if that stays within the limit in any span of its length.
--
-- KEYS[1] allowance  zset with a TTL  what was allowed, by time
-- ARGV[1] now in ms
-- ARGV[2] length of the span in ms
-- ARGV[3] limit
-- ARGV[4] a name for this one
-- Returns 1 if it is allowed and counted, 0 if not.

local now, span = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - span))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
