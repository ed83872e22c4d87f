-- table.sort is not stable, so the sort is the program's own.
local function sort(people, spare, from, to, before)
  if to - from < 1 then return end
  local middle = math.floor((from + to) / 2)
  sort(people, spare, from, middle, before)
  sort(people, spare, middle + 1, to, before)
  for k = from, to do spare[k] = people[k] end
  local i, j = from, middle + 1
  for k = from, to do
    if j > to or i <= middle and not before(spare[j], spare[i]) then
      people[k] = spare[i]
      i = i + 1
    else
      people[k] = spare[j]
      j = j + 1
    end
  end
end
local rounds, count, seed, sum = tonumber(arg[1]), 5000, 7, 0
for _ = 1, rounds do
  local people, spare = {}, {}
  for i = 1, count do
    seed = seed * 16807 % 2147483647
    people[i] = {name = "p" .. string.format("%d", seed % 1000), age = seed % 90, score = seed % 1013}
  end
  sort(people, spare, 1, count, function(a, b) return a.age < b.age end)
  sum = sum + people[778].score
  sort(people, spare, 1, count, function(a, b) return a.score < b.score end)
  sum = sum + people[1235].age
  sort(people, spare, 1, count, function(a, b) return a.name < b.name end)
  sum = sum + people[4322].age
end
print(string.format("%d", sum))
