#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Open addressing; a removed key leaves a mark that keeps searches going. */
enum { SLOTS = 16384, FREE = -1, GONE = -2 };
static int64_t keys[SLOTS], counts[SLOTS];

static unsigned first(int64_t key) { return (uint64_t)key * 0x9e3779b97f4a7c15u >> 50; }

static int find(int64_t key) {
    for (unsigned at = first(key);; at = (at + 1) % SLOTS) {
        if (keys[at] == key) return (int)at;
        if (keys[at] == FREE) return -1;
    }
}

static void add(int64_t key) {
    int at = find(key);
    if (at < 0) {
        at = (int)first(key);
        while (keys[at] >= 0) at = (at + 1) % SLOTS;
        keys[at] = key;
        counts[at] = 0;
    }
    counts[at]++;
}

int main(int argc, char **argv) {
    long rounds = atol(argv[argc - 1]);
    for (int i = 0; i < SLOTS; i++) keys[i] = FREE;
    int64_t x = 1, sum = 0;
    for (long i = 0; i < rounds; i++) {
        x = x * 16807 % 2147483647;
        int64_t key = x % 5000;
        add(key);
        if (i % 3 == 0) {
            int at = find(key * 7 % 5000);
            if (at >= 0) keys[at] = GONE;
        }
    }
    for (int64_t key = 0; key < 5000; key++) {
        int at = find(key);
        if (at >= 0) sum += counts[at];
    }
    printf("%ld\n", (long)sum);
    return 0;
}
