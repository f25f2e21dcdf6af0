/* Mappings of all kinds, at fixed addresses. */
#include "plant.h"
#include <linux/aio_abi.h>
#include <linux/memfd.h>
#include <sys/personality.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#define BOTH (PROT_READ | PROT_WRITE)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

static char *anonymous(int n, size_t pages, int protection, int flags, const char *text)
{
    char *at = map_at(AT(n), pages * PAGE, BOTH, flags, -1);
    strcpy(at, text);
    must(mprotect(at, pages * PAGE, protection));
    return at;
}

static void share(void)
{
    strcpy((char *)AT(8) + PAGE, "written by the child");
    strcpy(AT(0), "changed in the child");
}

void plant_memory(void)
{
    anonymous(0, 2, BOTH, PRIVATE, "private anonymous");
    anonymous(1, 1, PROT_READ, PRIVATE, "read-only");
    anonymous(2, 1, PROT_NONE, PRIVATE, "no access");
    anonymous(3, 1, BOTH | PROT_EXEC, PRIVATE, "all access");
    char *at = anonymous(4, 4, BOTH, PRIVATE | MAP_LOCKED, "locked");
    at = anonymous(5, 4, BOTH, PRIVATE, "madvised");
    must(madvise(at, PAGE, MADV_DONTFORK));
    must(madvise(at + PAGE, PAGE, MADV_DONTDUMP));
    must(madvise(at + 2 * PAGE, PAGE, MADV_MERGEABLE));
    must(madvise(at + 3 * PAGE, PAGE, MADV_WIPEONFORK));
    strcpy(at + PAGE, "not in core dumps");
    strcpy(at + 3 * PAGE, "wiped on fork");
    at = anonymous(6, 1, BOTH, PRIVATE | MAP_NORESERVE, "no reserve");
    must(madvise(at, PAGE, MADV_RANDOM));
    /* Zero pages: read, never written. */
    at = map_at(AT(7), 8 * PAGE, BOTH, PRIVATE, -1);
    volatile char sum = 0;
    for (int i = 0; i < 8; i++) sum += at[i * PAGE];
    at[5 * PAGE] = 'x';
    at[5 * PAGE] = 0;

    anonymous(8, 4, BOTH, MAP_SHARED | MAP_ANONYMOUS, "shared anonymous");
    /* A second view of pages 1 to 3 of it, as a thread of a program may have. */
    must(mremap((char *)AT(8) + 2 * PAGE, 0, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT(9)) ==
                 MAP_FAILED ? -1 : 0);

    write_file("mapped", "");
    int fd = must(open("mapped", O_RDWR));
    must(ftruncate(fd, 4 * PAGE + 100));
    must(pwrite(fd, "page 0", 6, 0));
    must(pwrite(fd, "page 3", 6, 3 * PAGE));
    at = map_at(AT(10), 5 * PAGE, BOTH, MAP_PRIVATE, fd);
    strcpy(at + PAGE, "copied on write");
    map_at(AT(11), 5 * PAGE, BOTH, MAP_SHARED, fd);
    must(mmap(AT(12), PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 3 * PAGE) ==
                 MAP_FAILED ? -1 : 0);
    close(fd);
    fd = must(open("mapped \x1b[31m\n", O_RDWR | O_CREAT, 0600));
    must(ftruncate(fd, PAGE));
    map_at(AT(13), PAGE, PROT_READ, MAP_SHARED, fd);
    close(fd);

    fd = must(syscall(SYS_memfd_create, "mapped memfd", MFD_CLOEXEC));
    must(ftruncate(fd, 2 * PAGE));
    at = map_at(AT(14), 2 * PAGE, BOTH, MAP_SHARED, fd);
    strcpy(at, "memfd, shared");
    at = map_at(AT(15), 2 * PAGE, BOTH, MAP_PRIVATE, fd);
    strcpy(at + PAGE, "memfd, private copy");

    /* A ring of asynchronous input and output. */
    aio_context_t context = 0;
    must(syscall(SYS_io_setup, 8, &context));

    /* Text over the border of two pages that lie apart in the page image. */
    at = map_at(AT(16), 3 * PAGE, BOTH, PRIVATE, -1);
    memcpy(at + PAGE - 8, "across the border", 18);
    child("sharer", share);
}

void plant_grow(void)
{
    char *at = map_at(AT(20), 4 * PAGE, BOTH, PRIVATE | MAP_GROWSDOWN, -1);
    strcpy(at + 3 * PAGE, "grows down");
}

void plant_huge(void)
{
    /* Transparent huge pages: 2 MiB of which all is one page of the kernel's. */
    char *at = mmap(AT(30), 2UL << 20, BOTH, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0);
    must(at == MAP_FAILED ? -1 : 0);
    must(madvise(at, 2UL << 20, MADV_HUGEPAGE));
    strcpy(at, "transparent huge page");
    at = mmap(AT(32), 2UL << 20, BOTH, PRIVATE | MAP_HUGETLB, -1, 0);
    must(at == MAP_FAILED ? -1 : 0);
    strcpy(at, "hugetlb page");
    int fd = must(syscall(SYS_memfd_create, "huge memfd", MFD_HUGETLB));
    must(ftruncate(fd, 2UL << 20));
    at = mmap(AT(36), 2UL << 20, BOTH, MAP_SHARED, fd, 0);
    must(at == MAP_FAILED ? -1 : 0);
    strcpy(at, "huge memfd page");
}
