#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 1000, check = 0;
    static int32_t counts[256];
    static uint8_t recent[4096];
    uint32_t state = 123456789;
    for (long i = 0; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        int byte = (state & 0xff) ^ recent[i & 4095];
        recent[state >> 8 & 4095] = byte;
        counts[byte]++;
    }
    for (int i = 0; i < 256; i++) check = (check * 31 + counts[i]) % 1000003;
    printf("%ld\n", check);
}
