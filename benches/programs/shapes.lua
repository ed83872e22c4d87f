local Circle, Box = {}, {}
Circle.__index, Box.__index = Circle, Box
function Circle:area() return 3.14159 * self.radius * self.radius end
function Circle:grow(by) self.radius = self.radius + by end
function Box:area() return self.width * self.height end
function Box:grow(by) self.width = self.width + by end

local rounds = tonumber(arg[1])
local shapes = {}
for i = 0, 999 do
  if i * 7 % 3 == 0 then
    shapes[#shapes + 1] = setmetatable({ radius = i + 0.0 }, Circle)
  else
    shapes[#shapes + 1] = setmetatable({ width = i + 0.0, height = 2.0 }, Box)
  end
end
local large = 0
for _ = 1, rounds do
  for i = 1, #shapes do
    local shape = shapes[i]
    shape:grow(0.5)
    if shape:area() > 5000 then large = large + 1 end
  end
end
print(string.format("%d", large))
