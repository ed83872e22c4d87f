local size = 200
local function plate()
  local rows = {}
  for y = 1, size do
    rows[y] = {}
    for x = 1, size do rows[y][x] = y == 1 and 100.0 or 0.0 end
  end
  return rows
end
local now, next = plate(), plate()
for _ = 1, tonumber(arg[1]) do
  for y = 2, size - 1 do
    local above, here, below, into = now[y - 1], now[y], now[y + 1], next[y]
    for x = 2, size - 1 do into[x] = (above[x] + below[x] + here[x - 1] + here[x + 1]) * 0.25 end
  end
  now, next = next, now
end
local total = 0.0
for y = 1, size do
  for x = 1, size do total = total + now[y][x] end
end
print(string.format("%d", math.floor(total * 1000.0)))
