local rounds = tonumber(arg[1])
local counts = {}
local x = 1
for i = 0, rounds - 1 do
  x = x * 16807 % 2147483647
  local key = x % 5000
  counts[key] = (counts[key] or 0) + 1
  if i % 3 == 0 then counts[key * 7 % 5000] = nil end
end
local sum = 0
for key = 0, 4999 do sum = sum + (counts[key] or 0) end
print(string.format("%d", sum))
