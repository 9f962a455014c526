-- Puts a data key that was wrapped anew in place of the old wrapping.
--
-- KEYS[1] case  hash  k wrapped key
-- ARGV[1] the wrapped key as it was read
-- ARGV[2] the same key, wrapped anew
-- Returns 1, or 0 where the case was changed or forgotten meanwhile.

if redis.call('HGET', KEYS[1], 'k') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'k', ARGV[2])
return 1
