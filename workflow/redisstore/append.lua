-- Shared by commit.lua and purge.lua, which it stands before: the audit trail.

-- stale_head is the head of the trail where it is not the one that entries continue.
local function stale_head(head_key, expected, entries)
  if #entries == 0 then return nil end
  local head = redis.call('GET', head_key) or ''
  if head ~= expected then return head end
  return nil
end

-- append adds entries {number, entry, hash before, hash}; the key of each one's trail
-- stands in KEYS after position first. Redis refuses it where the stream holds a later
-- entry than the head says, so it must be the first thing that a script writes.
local function append(head_key, audit_key, first, head, entries)
  for i, entry in ipairs(entries) do
    redis.call('XADD', audit_key, entry[1] .. '-0', 'e', entry[2], 'p', entry[3], 'h', entry[4])
    redis.call('RPUSH', KEYS[first + i], entry[1])
  end
  if #entries > 0 then redis.call('SET', head_key, head) end
end

