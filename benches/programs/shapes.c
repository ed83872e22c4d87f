#include <stdio.h>
#include <stdlib.h>

typedef struct Shape Shape;
typedef struct {
    double (*area)(const Shape *);
    void (*grow)(Shape *, double);
} Methods;
struct Shape {
    const Methods *methods;
    double a, b;
};

static double circle_area(const Shape *s) { return 3.14159 * s->a * s->a; }
static double box_area(const Shape *s) { return s->a * s->b; }
static void grow(Shape *s, double by) { s->a += by; }

static const Methods circle = {circle_area, grow}, box = {box_area, grow};

int main(int argc, char **argv) {
    long rounds = atol(argv[argc - 1]), large = 0;
    Shape *shapes[1000];
    for (int i = 0; i < 1000; i++) {
        shapes[i] = malloc(sizeof(Shape));
        *shapes[i] = (Shape){i * 7 % 3 == 0 ? &circle : &box, i, 2.0};
    }
    for (long round = 0; round < rounds; round++) {
        for (int i = 0; i < 1000; i++) {
            shapes[i]->methods->grow(shapes[i], 0.5);
            if (shapes[i]->methods->area(shapes[i]) > 5000.0) large++;
        }
    }
    printf("%ld\n", large);
    return 0;
}
