#include <stdio.h>
#include <stdlib.h>
typedef struct { long cost, place; } Visit;
static Visit *heap;
static long len, capacity;
static void push(Visit visit) {
    if (len == capacity) heap = realloc(heap, (capacity = capacity ? 2 * capacity : 16) * sizeof *heap);
    long i = len++;
    for (; i > 0 && heap[(i - 1) / 2].cost > visit.cost; i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = visit;
}
static Visit pop(void) {
    Visit last = heap[--len], top = heap[0];
    if (len == 0) return last;
    long i = 0;
    for (long child; (child = 2 * i + 1) < len; i = child) {
        if (child + 1 < len && heap[child + 1].cost < heap[child].cost) child++;
        if (heap[child].cost >= last.cost) break;
        heap[i] = heap[child];
    }
    heap[i] = last;
    return top;
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 10, size = 200, seed = 1, sum = 0;
    static const long ways[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    unsigned char *costs = malloc(size * size);
    long *best = malloc(size * size * sizeof *best);
    for (long i = 0; i < size * size; i++) {
        seed = seed * 16807 % 2147483647;
        costs[i] = seed % 9 + 1;
    }
    for (long round = 0; round < rounds; round++) {
        for (long i = 0; i < size * size; i++) best[i] = 1000000000;
        long start = round * 37 % (size * size);
        best[start] = 0;
        push((Visit){0, start});
        while (len > 0) {
            Visit visit = pop();
            if (visit.cost > best[visit.place]) continue;
            long x = visit.place % size, y = visit.place / size;
            for (int way = 0; way < 4; way++) {
                long dx = ways[way][0], dy = ways[way][1];
                if (x + dx < 0 || x + dx >= size || y + dy < 0 || y + dy >= size) continue;
                long next = (y + dy) * size + x + dx, there = visit.cost + costs[next];
                if (there < best[next]) {
                    best[next] = there;
                    push((Visit){there, next});
                }
            }
        }
        sum += best[size * size - 1];
    }
    printf("%ld\n", sum);
}
