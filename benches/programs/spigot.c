#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    long digits = argc > 1 ? atol(argv[1]) : 100, count = digits * 10 / 3 + 1, sum = 0;
    long *rests = malloc(count * sizeof *rests);
    for (long i = 0; i < count; i++) rests[i] = 2;
    for (long digit = 0; digit < digits; digit++) {
        long carry = 0;
        for (long i = count; i > 0; i--) {
            long value = 10 * rests[i - 1] + carry * i;
            rests[i - 1] = value % (2 * i - 1);
            carry = value / (2 * i - 1);
        }
        rests[0] = carry % 10;
        sum = (sum * 31 + carry / 10) % 1000003;
    }
    printf("%ld\n", sum);
}
