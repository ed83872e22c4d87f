-- A multiplication in two halves, so that doubles stay exact on LuaJIT.
local function next_seed(seed)
  local low, high = seed % 65536, math.floor(seed / 65536)
  return ((high * 1103515245 % 32768) * 65536 + low * 1103515245 + 12345) % 2147483648
end
local n, capacity, seed = tonumber(arg[1]), 10000, 7
local best = {}
for c = 0, capacity do best[c] = 0 end
for _ = 1, n do
  seed = next_seed(seed)
  local weight = math.floor(seed / 65536) % 500 + 1
  seed = next_seed(seed)
  local value = math.floor(seed / 65536) % 1000
  for c = capacity, weight, -1 do
    local with = best[c - weight] + value
    if with > best[c] then best[c] = with end
  end
end
print(string.format("%d", best[capacity]))
