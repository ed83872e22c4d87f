local floor = math.floor
local heap, len = {}, 0
local function push(visit)
  len = len + 1
  local i = len
  while i > 1 and heap[floor(i / 2)].cost > visit.cost do
    heap[i] = heap[floor(i / 2)]
    i = floor(i / 2)
  end
  heap[i] = visit
end
local function pop()
  local last, top = heap[len], heap[1]
  heap[len] = nil
  len = len - 1
  if len == 0 then return last end
  local i = 1
  while 2 * i <= len do
    local child = 2 * i
    if child < len and heap[child + 1].cost < heap[child].cost then child = child + 1 end
    if heap[child].cost >= last.cost then break end
    heap[i] = heap[child]
    i = child
  end
  heap[i] = last
  return top
end
local rounds, size, seed, sum = tonumber(arg[1]), 200, 1, 0
local costs = {}
for i = 0, size * size - 1 do
  seed = seed * 16807 % 2147483647
  costs[i] = seed % 9 + 1
end
for round = 0, rounds - 1 do
  local best = {}
  for i = 0, size * size - 1 do best[i] = 1000000000 end
  local start = round * 37 % (size * size)
  best[start] = 0
  push({cost = 0, place = start})
  while len > 0 do
    local visit = pop()
    if visit.cost <= best[visit.place] then
      local x, y = visit.place % size, floor(visit.place / size)
      for _, way in ipairs({{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) do
        local nx, ny = x + way[1], y + way[2]
        if nx >= 0 and nx < size and ny >= 0 and ny < size then
          local next = ny * size + nx
          local there = visit.cost + costs[next]
          if there < best[next] then
            best[next] = there
            push({cost = there, place = next})
          end
        end
      end
    end
  end
  sum = sum + best[size * size - 1]
end
print(string.format("%d", sum))
