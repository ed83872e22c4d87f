#include <stdio.h>
#include <stdlib.h>
static long gcd(long x, long y) {
    while (y != 0) {
        long r = x % y;
        x = y;
        y = r;
    }
    return x;
}
int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 100, sum = 0;
    for (long i = 1; i <= n; i++)
        for (long j = 1; j <= n; j++) sum += gcd(i, j);
    printf("%ld\n", sum);
}
