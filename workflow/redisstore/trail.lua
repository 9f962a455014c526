-- What commit.lua and purge.lua share; it stands before each of them.
--
-- KEYS[1] head   string  number and hash of the last audit entry
-- KEYS[2] audit  stream  the audit trail
-- KEYS, the last ones    list, the trail of the entry's case, one key an audit entry
-- ARGV[1] head of the audit trail as the entries continue it
-- ARGV[2] head after them
-- ARGV, at the end       a list: number, entry, hash before it, its hash

-- lists reads the arguments after position, each list its length first.
local function lists(position)
  return function(width)
    position = position + 1
    local rows = {}
    for i = 1, tonumber(ARGV[position]) do
      rows[i] = {}
      for j = 1, width do rows[i][j] = ARGV[position + j] end
      position = position + width
    end
    return rows
  end
end

-- stale is the head of the trail where it is not the one that entries continue.
local function stale(entries)
  if #entries == 0 then return nil end
  local head = redis.call('GET', KEYS[1]) or ''
  if head ~= ARGV[1] then return head end
  return nil
end

-- append adds entries to the trail. Redis refuses that where the stream holds a later
-- entry than the head says, so it must be the first thing that a script writes.
local function append(entries)
  for i, entry in ipairs(entries) do
    redis.call('XADD', KEYS[2], entry[1] .. '-0', 'e', entry[2], 'p', entry[3], 'h', entry[4])
    redis.call('RPUSH', KEYS[#KEYS - #entries + i], entry[1])
  end
  if #entries > 0 then redis.call('SET', KEYS[1], ARGV[2]) end
end

