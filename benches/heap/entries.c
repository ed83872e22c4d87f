// The twin of entries.lang: a hash table with a chain for each bucket, doubled when it is full.
#include <stdio.h>
#include <stdlib.h>

struct point { long x, y; };
struct entry { long key; struct point *value; struct entry *next; };

static struct entry **buckets;
static size_t size, count;

static size_t bucket_of(long key) { return (size_t)key * 0x9e3779b97f4a7c15u >> 20 & (size - 1); }

static void grow(void) {
  size_t old_size = size;
  struct entry **old = buckets;
  size = size ? size * 2 : 8;
  buckets = calloc(size, sizeof *buckets);
  for (size_t i = 0; i < old_size; i++)
    for (struct entry *at = old[i], *next; at; at = next) {
      next = at->next;
      struct entry **bucket = &buckets[bucket_of(at->key)];
      at->next = *bucket;
      *bucket = at;
    }
  free(old);
}

int main(void) {
  for (long i = 0; i < 4000000; i++) {
    if (count == size) grow();
    struct entry **bucket = &buckets[bucket_of(i * 7919)], *entry = malloc(sizeof *entry);
    struct point *point = malloc(sizeof *point);
    *point = (struct point){i, -i};
    *entry = (struct entry){i * 7919, point, *bucket};
    *bucket = entry;
    count++;
  }
  long total = 0;
  for (long i = 0; i < 4000000; i++)
    for (struct entry *at = buckets[bucket_of(i * 7919)]; at; at = at->next)
      if (at->key == i * 7919) total += at->value->x;
  printf("%ld\n", total);
}
