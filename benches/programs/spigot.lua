local floor = math.floor
local digits, sum = tonumber(arg[1]), 0
local count = floor(digits * 10 / 3) + 1
local rests = {}
for i = 1, count do rests[i] = 2 end
for _ = 1, digits do
  local carry = 0
  for i = count, 1, -1 do
    local value = 10 * rests[i] + carry * i
    rests[i] = value % (2 * i - 1)
    carry = floor(value / (2 * i - 1))
  end
  rests[1] = carry % 10
  sum = (sum * 31 + floor(carry / 10)) % 1000003
end
print(string.format("%d", sum))
