#include <stdio.h>
#include <stdlib.h>
struct ball { double x, y, dx, dy; };
static long move(struct ball *b) {
    long hits = 0;
    b->x += b->dx;
    b->y += b->dy;
    if (b->x < 0.0 || b->x > 640.0) b->dx = -b->dx, hits++;
    if (b->y < 0.0 || b->y > 480.0) b->dy = -b->dy, hits++;
    return hits;
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 100, hits = 0;
    struct ball *balls[100];
    for (int i = 0; i < 100; i++) {
        balls[i] = malloc(sizeof **balls);
        *balls[i] = (struct ball){i * 6, i * 4, i % 7 + 0.5, i % 5 + 0.25};
    }
    for (long r = 0; r < rounds; r++)
        for (int i = 0; i < 100; i++) hits += move(balls[i]);
    printf("%ld\n", hits);
}
