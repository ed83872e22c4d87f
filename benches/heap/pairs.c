// The twin of pairs.lang.
#include <stdio.h>
#include <stdlib.h>

struct pair { long a, b; };

int main(void) {
  struct pair **pairs = NULL;
  size_t capacity = 0;
  for (size_t i = 0; i < 10000000; i++) {
    if (i == capacity) {
      capacity = capacity ? capacity * 2 : 4;
      pairs = realloc(pairs, capacity * sizeof *pairs);
    }
    pairs[i] = malloc(sizeof **pairs);
    *pairs[i] = (struct pair){(long)i, -(long)i};
  }
  long total = 0;
  for (size_t i = 0; i < 10000000; i++) total += pairs[i]->a - pairs[i]->b;
  printf("%ld\n", total);
}
