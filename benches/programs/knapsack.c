#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 100, capacity = 10000, seed = 7;
    long *best = calloc(capacity + 1, sizeof *best);
    for (long i = 0; i < n; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        long weight = seed / 65536 % 500 + 1;
        seed = (seed * 1103515245 + 12345) % 2147483648;
        long value = seed / 65536 % 1000;
        for (long c = capacity; c >= weight; c--)
            if (best[c - weight] + value > best[c]) best[c] = best[c - weight] + value;
    }
    printf("%ld\n", best[capacity]);
}
