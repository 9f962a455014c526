-- Moves the return of a task in hand.
--
-- KEYS[1] due     zset  waiting tasks by time
-- KEYS[2] tokens  hash  task to the token of who has it in hand
-- ARGV[1] task
-- ARGV[2] token
-- ARGV[3] time of the return in ms
-- Returns "ok", or "lost": another has the task, or it is settled.

if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 'lost' end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 'ok'
