-- Puts a data key that was wrapped anew in place of the old wrapping.
--
-- KEYS[1] case or documents  hash
-- ARGV[1] field with the wrapped key
-- ARGV[2] the wrapped key as it was read
-- ARGV[3] the same key, wrapped anew
-- Returns 1, or 0 where it was changed or forgotten meanwhile.

if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
