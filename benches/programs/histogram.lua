-- Lua 5.4 has operators that LuaJIT cannot parse, LuaJIT a library that Lua 5.4 lacks.
local run
if jit then
  local bit = require("bit")
  local band, bxor, lshift, rshift = bit.band, bit.bxor, bit.lshift, bit.rshift
  run = function(n, counts, recent)
    local state = 123456789
    for i = 0, n - 1 do
      state = bxor(state, lshift(state, 13))
      state = bxor(state, rshift(state, 17))
      state = bxor(state, lshift(state, 5))
      local byte = bxor(band(state, 0xff), recent[band(i, 4095)])
      recent[band(rshift(state, 8), 4095)] = byte
      counts[byte] = counts[byte] + 1
    end
  end
else
  run = assert(load([[
    local n, counts, recent = ...
    local state = 123456789
    for i = 0, n - 1 do
      state = state ~ (state << 13 & 0xffffffff)
      state = state ~ (state >> 17)
      state = state ~ (state << 5 & 0xffffffff)
      local byte = state & 0xff ~ recent[i & 4095]
      recent[state >> 8 & 4095] = byte
      counts[byte] = counts[byte] + 1
    end
  ]]))
end
local counts, recent = {}, {}
for i = 0, 255 do counts[i] = 0 end
for i = 0, 4095 do recent[i] = 0 end
run(tonumber(arg[1]), counts, recent)
local check = 0
for i = 0, 255 do check = (check * 31 + counts[i]) % 1000003 end
print(string.format("%d", check))
