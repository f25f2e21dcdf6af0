/* Memory that changes with every SIGUSR1: for a chain of pre-dumps and a dump after them. */
#include "plant.h"

static int generation;
static const char *who = "parent";

static void change(int number)
{
    (void)number;
    generation++;
    char *at = AT(70);
    for (int i = generation % 3; i < 32; i += 3)
        sprintf(at + i * PAGE, "%s private %d generation %d", who, i, generation);
    if (strcmp(who, "parent") == 0)
        sprintf((char *)AT(71) + generation * PAGE, "shared %d generation %d", generation, generation);
    at = map_at(AT(80 + generation), 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    sprintf(at + PAGE, "new in generation %d", generation);
    if (generation == 1) {
        must(munmap(AT(72), 4 * PAGE));
        must(madvise(AT(73), 4 * PAGE, MADV_DONTNEED));
    }
    if (generation == 2) {
        at = map_at(AT(72), 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        strcpy(at + PAGE, "mapped anew");
        must(mprotect((char *)AT(73) + 4 * PAGE, 2 * PAGE, PROT_READ));
    }
}

static void be_child(void)
{
    who = "child";
}

void plant_changing(void)
{
    int private = MAP_PRIVATE | MAP_ANONYMOUS;
    char *at = map_at(AT(70), 32 * PAGE, PROT_READ | PROT_WRITE, private, -1);
    for (int i = 0; i < 32; i++) sprintf(at + i * PAGE, "private %d generation 0", i);
    at = map_at(AT(71), 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    for (int i = 0; i < 16; i++) sprintf(at + i * PAGE, "shared %d generation 0", i);
    for (int n = 72; n < 74; n++) {
        at = map_at(AT(n), 8 * PAGE, PROT_READ | PROT_WRITE, private, -1);
        for (int i = 0; i < 8; i++) sprintf(at + i * PAGE, "page %d generation 0", i);
    }
    must(signal(SIGUSR1, change) == SIG_ERR ? -1 : 0);
    child("child", be_child);
}
