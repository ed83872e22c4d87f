local floor = math.floor
local function pack(from, n, to, last)
  for slot = 0, 4095 do last[slot] = -1 end
  local i, len = 0, 0
  while i < n do
    local length, back = 0, 0
    if i + 2 < n then
      local slot = (from[i] * 961 + from[i + 1] * 31 + from[i + 2]) % 4096
      local at = last[slot]
      last[slot] = i
      if at >= 0 and i - at < 65536 then
        while length < 255 and i + length < n and from[at + length] == from[i + length] do length = length + 1 end
        back = i - at
      end
    end
    if length > 4 then
      to[len], to[len + 1], to[len + 2], to[len + 3] = 1, length, floor(back / 256), back % 256
      len, i = len + 4, i + length
    else
      to[len], to[len + 1] = 0, from[i]
      len, i = len + 2, i + 1
    end
  end
  return len
end
local function unpack_bytes(from, n, to)
  local i, len = 0, 0
  while i < n do
    if from[i] == 0 then
      to[len] = from[i + 1]
      len, i = len + 1, i + 2
    else
      local start = len - from[i + 2] * 256 - from[i + 3]
      for k = start, start + from[i + 1] - 1 do
        to[len] = to[k]
        len = len + 1
      end
      i = i + 4
    end
  end
  return len
end
local rounds, seed, sum, n = tonumber(arg[1]), 42, 0, 100000
local text, last = {}, {}
for i = 0, n - 1 do
  seed = seed * 16807 % 2147483647
  text[i] = 97 + seed % (i % 1000 < 700 and 3 or 26)
end
for round = 0, rounds - 1 do
  local packed, whole = {}, {}
  local len = pack(text, n, packed, last)
  local whole_len = unpack_bytes(packed, len, whole)
  sum = sum + len + whole[round % whole_len]
  text[round * 7919 % n] = 97 + round % 26
end
print(string.format("%d", sum))
