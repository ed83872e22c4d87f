local Ball = {}
Ball.__index = Ball
function Ball:move()
  self.x = self.x + self.dx
  self.y = self.y + self.dy
  local hits = 0
  if self.x < 0.0 or self.x > 640.0 then
    self.dx = -self.dx
    hits = hits + 1
  end
  if self.y < 0.0 or self.y > 480.0 then
    self.dy = -self.dy
    hits = hits + 1
  end
  return hits
end
local balls = {}
for i = 0, 99 do
  balls[i + 1] = setmetatable({ x = i * 6.0, y = i * 4.0, dx = i % 7 + 0.5, dy = i % 5 + 0.25 }, Ball)
end
local hits = 0
for _ = 1, tonumber(arg[1]) do
  for i = 1, 100 do hits = hits + balls[i]:move() end
end
print(hits)
