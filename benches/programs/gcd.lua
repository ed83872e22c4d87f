local function gcd(x, y)
  while y ~= 0 do x, y = y, x % y end
  return x
end
local n, sum = tonumber(arg[1]), 0
for i = 1, n do
  for j = 1, n do sum = sum + gcd(i, j) end
end
print(string.format("%d", sum))
