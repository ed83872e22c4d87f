#include <stdio.h>
#include <stdlib.h>
typedef struct { unsigned char *at; long len, capacity; } Bytes;
static void push(Bytes *bytes, long byte) {
    if (bytes->len == bytes->capacity) {
        bytes->capacity = bytes->capacity ? 2 * bytes->capacity : 16;
        bytes->at = realloc(bytes->at, bytes->capacity);
    }
    bytes->at[bytes->len++] = byte;
}
static void pack(const Bytes *from, Bytes *to, long *last) {
    for (long slot = 0; slot < 4096; slot++) last[slot] = -1;
    const unsigned char *text = from->at;
    long n = from->len;
    for (long i = 0; i < n;) {
        long length = 0, back = 0;
        if (i + 2 < n) {
            long slot = (text[i] * 961 + text[i + 1] * 31 + text[i + 2]) % 4096, at = last[slot];
            last[slot] = i;
            if (at >= 0 && i - at < 65536) {
                while (length < 255 && i + length < n && text[at + length] == text[i + length]) length++;
                back = i - at;
            }
        }
        if (length > 4) {
            push(to, 1); push(to, length); push(to, back / 256); push(to, back % 256);
            i += length;
        } else {
            push(to, 0); push(to, text[i]);
            i++;
        }
    }
}
static void unpack(const Bytes *from, Bytes *to) {
    for (long i = 0; i < from->len;) {
        if (from->at[i] == 0) {
            push(to, from->at[i + 1]);
            i += 2;
        } else {
            long start = to->len - from->at[i + 2] * 256 - from->at[i + 3];
            for (long k = start; k < start + from->at[i + 1]; k++) push(to, to->at[k]);
            i += 4;
        }
    }
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 10, seed = 42, sum = 0;
    static long last[4096];
    Bytes text = {0};
    for (long i = 0; i < 100000; i++) {
        seed = seed * 16807 % 2147483647;
        push(&text, 97 + seed % (i % 1000 < 700 ? 3 : 26));
    }
    for (long round = 0; round < rounds; round++) {
        Bytes packed = {0}, whole = {0};
        pack(&text, &packed, last);
        unpack(&packed, &whole);
        sum += packed.len + whole.at[round % whole.len];
        text.at[round * 7919 % text.len] = 97 + round % 26;
        free(packed.at);
        free(whole.at);
    }
    printf("%ld\n", sum);
}
