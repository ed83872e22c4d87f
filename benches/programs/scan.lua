local function deepest(text)
  local depth, most = 0, 0
  for i = 1, #text do
    local byte = text:byte(i)
    if byte == 40 then
      depth = depth + 1
      if depth > most then most = depth end
    elseif byte == 41 then
      depth = depth - 1
    end
  end
  return most * 1000 + depth
end
local parts = {}
for i = 0, 999 do
  parts[#parts + 1] = i % 3 == 0 and "(a" or i % 7 == 0 and "b)" or "cd"
end
local text, sum = table.concat(parts), 0
for _ = 1, tonumber(arg[1]) do sum = sum + deepest(text) end
print(string.format("%d", sum))
