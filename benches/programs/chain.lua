local function count(from, to)
  return function()
    if from < to then
      from = from + 1
      return from
    end
  end
end
local function map(next, f)
  return function()
    local n = next()
    if n then return f(n) end
  end
end
local function filter(next, keeps)
  return function()
    local n = next()
    while n and not keeps(n) do n = next() end
    return n
  end
end
local function take(next, left)
  return function()
    if left > 0 then
      left = left - 1
      return next()
    end
  end
end

local rounds, sum = tonumber(arg[1]), 0
for round = 0, rounds - 1 do
  local part = 0
  local numbers = map(count(round, round + 1000), function(n) return n * 3 end)
  for n in take(filter(numbers, function(n) return n % 2 == 0 end), 400) do part = part + n end
  sum = sum + part % 1009
end
print(string.format("%d", sum))
