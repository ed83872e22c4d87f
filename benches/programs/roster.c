#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { COUNT = 5000 };
typedef struct { char name[8]; long age; double score; } Person;
static long by_age(const Person *a, const Person *b) { return a->age - b->age; }
static long by_score(const Person *a, const Person *b) { return (a->score > b->score) - (a->score < b->score); }
static long by_name(const Person *a, const Person *b) { return strcmp(a->name, b->name); }
static void sort(Person **people, Person **spare, long n, long (*compare)(const Person *, const Person *)) {
    if (n < 2) return;
    long half = n / 2, i = 0, j = half;
    sort(people, spare, half, compare);
    sort(people + half, spare, n - half, compare);
    memcpy(spare, people, n * sizeof *people);
    for (long k = 0; k < n; k++)
        people[k] = j >= n || (i < half && compare(spare[i], spare[j]) <= 0) ? spare[i++] : spare[j++];
}
int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 10, seed = 7, sum = 0;
    static Person *people[COUNT], *spare[COUNT];
    for (long round = 0; round < rounds; round++) {
        for (long i = 0; i < COUNT; i++) {
            seed = seed * 16807 % 2147483647;
            people[i] = malloc(sizeof **people);
            snprintf(people[i]->name, sizeof people[i]->name, "p%ld", seed % 1000);
            people[i]->age = seed % 90;
            people[i]->score = seed % 1013;
        }
        sort(people, spare, COUNT, by_age);
        sum += people[777]->score;
        sort(people, spare, COUNT, by_score);
        sum += people[1234]->age;
        sort(people, spare, COUNT, by_name);
        sum += people[4321]->age;
        for (long i = 0; i < COUNT; i++) free(people[i]);
    }
    printf("%ld\n", sum);
}
