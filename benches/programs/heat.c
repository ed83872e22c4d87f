#include <stdio.h>
#include <stdlib.h>
#define SIZE 200
static double **plate(void) {
    double **rows = malloc(SIZE * sizeof *rows);
    for (int y = 0; y < SIZE; y++) {
        rows[y] = malloc(SIZE * sizeof **rows);
        for (int x = 0; x < SIZE; x++) rows[y][x] = y == 0 ? 100.0 : 0.0;
    }
    return rows;
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 10;
    double **now = plate(), **next = plate(), total = 0;
    for (long r = 0; r < rounds; r++) {
        for (int y = 1; y < SIZE - 1; y++)
            for (int x = 1; x < SIZE - 1; x++)
                next[y][x] = (now[y - 1][x] + now[y + 1][x] + now[y][x - 1] + now[y][x + 1]) * 0.25;
        double **swap = now;
        now = next;
        next = swap;
    }
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) total += now[y][x];
    printf("%ld\n", (long)(total * 1000.0));
}
