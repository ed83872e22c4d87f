#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static long deepest(const char *text, long length) {
    long depth = 0, most = 0;
    for (long i = 0; i < length; i++) {
        if (text[i] == '(') {
            if (++depth > most) most = depth;
        } else if (text[i] == ')') {
            depth--;
        }
    }
    return most * 1000 + depth;
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 100, sum = 0;
    static char text[3000];
    for (int i = 0; i < 1000; i++) strcat(text, i % 3 == 0 ? "(a" : i % 7 == 0 ? "b)" : "cd");
    for (long r = 0; r < rounds; r++) sum += deepest(text, strlen(text));
    printf("%ld\n", sum);
}
