// The twin of texts.lang: strings with their lengths, as the language has them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text { size_t len; char *bytes; };

int main(void) {
  struct text *texts = NULL;
  size_t capacity = 0;
  for (size_t i = 0; i < 10000000; i++) {
    char buffer[32];
    if (i == capacity) {
      capacity = capacity ? capacity * 2 : 4;
      texts = realloc(texts, capacity * sizeof *texts);
    }
    size_t len = (size_t)snprintf(buffer, sizeof buffer, "text %zu", i);
    texts[i] = (struct text){len, malloc(len + 1)};
    memcpy(texts[i].bytes, buffer, len + 1);
  }
  size_t total = 0;
  for (size_t i = 0; i < 10000000; i++) total += texts[i].len;
  printf("%zu\n", total);
}
