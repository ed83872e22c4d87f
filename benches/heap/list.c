// The twin of list.lang.
#include <stdio.h>
#include <stdlib.h>

struct node { long value; struct node *next; };

int main(void) {
  struct node *list = NULL;
  for (long i = 0; i < 10000000; i++) {
    struct node *node = malloc(sizeof *node);
    *node = (struct node){i, list};
    list = node;
  }
  long total = 0;
  for (struct node *at = list; at; at = at->next) total += at->value;
  printf("%ld\n", total);
}
