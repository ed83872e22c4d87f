#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    long rounds = atol(argv[argc - 1]), sum = 0;
    for (long round = 0; round < rounds; round++) {
        long part = 0, taken = 0;
        for (long at = round + 1; at <= round + 1000 && taken < 400; at++) {
            long n = at * 3;
            if (n % 2 == 0) {
                part += n;
                taken++;
            }
        }
        sum += part % 1009;
    }
    printf("%ld\n", sum);
    return 0;
}
