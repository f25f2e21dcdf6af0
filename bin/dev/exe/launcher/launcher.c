// The first code that runs of the one-file executable. The kernel has mapped the file: this, the two
// C++ libraries, Node and its blob. This gives the libraries names that the system's dynamic linker
// can open, loads that linker, and jumps to it, as the kernel would have done had the file named it.
//
// Why: Node needs libstdc++.so.6 and libgcc_s.so.1, which a system with nothing but glibc has not,
// and the linker takes libraries from paths alone. A memfd has a path and is no file on any disk.
//
// No C library, no writable data, no relocations: `npm run launcher` links it at a fixed address and
// keeps the bytes. pack.js writes `struct parcel` to a fixed place in front of it.
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

/** What pack.js tells; addresses are those of the mapped file. */
struct parcel {
  u64 headers;     // program headers for the dynamic linker: Node's, and its blob's note
  u64 headerCount;
  u64 entry;       // Node's
  u64 interpreter; // path of the dynamic linker, ended by NUL
  struct {
    u64 start;
    u64 size;
  } libraries[2];
};
#define PARCEL ((const struct parcel *)0x100800)

struct file_header {
  u8 ident[16];
  u16 type, machine;
  u32 version;
  u64 entry, programHeaders, sectionHeaders;
  u32 flags;
  u16 size, programHeaderSize, programHeaderCount, sectionHeaderSize, sectionHeaderCount, names;
};
struct program_header {
  u32 type, flags;
  u64 offset, address, physical, fileSize, memorySize, align;
};

#if defined(__x86_64__)
enum { SYS_write = 1, SYS_close = 3, SYS_mmap = 9, SYS_pread = 17, SYS_fcntl = 72,
       SYS_exit_group = 231, SYS_openat = 257, SYS_memfd_create = 319 };
enum { MACHINE = 62 };
static long call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
// The start of the file's own stack is argc; start() works below it, and says where to go on.
__asm__(".section .text.start,\"ax\"\n.globl _start\n_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  sub $256, %rsp\n"
        "  and $-16, %rsp\n"
        "  call start\n"
        "  mov %rax, %rsp\n"
        "  mov %rdx, %rax\n"
        "  xor %edx, %edx\n"
        "  jmp *%rax\n"
        ".text\n");
#elif defined(__aarch64__)
enum { SYS_fcntl = 25, SYS_openat = 56, SYS_close = 57, SYS_write = 64, SYS_pread = 67,
       SYS_exit_group = 94, SYS_mmap = 222, SYS_memfd_create = 279 };
enum { MACHINE = 183 };
static long call(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
__asm__(".section .text.start,\"ax\"\n.globl _start\n_start:\n"
        "  mov x29, #0\n"
        "  mov x30, #0\n"
        "  mov x0, sp\n"
        "  sub sp, sp, #256\n"
        "  bl start\n"
        "  mov sp, x0\n"
        "  mov x16, x1\n"
        "  mov x0, #0\n"
        "  br x16\n"
        ".text\n");
#else
#error "this machine is not known"
#endif

enum { AT_NULL = 0, AT_PHDR = 3, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_ENTRY = 9, AT_SECURE = 23 };
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_PRIVATE = 2, MAP_FIXED = 16, MAP_ANONYMOUS = 32 };
enum { F_GETFD = 1, F_DUPFD_CLOEXEC = 1030, F_ADD_SEALS = 1033, ALL_SEALS = 15 };
enum { MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_NOEXEC_SEAL = 8 };
enum { O_RDONLY = 0, O_RDWR = 2, O_CLOEXEC = 02000000, AT_FDCWD = -100 };
enum { PT_LOAD = 1, EINTR = 4 };

static long failed(long result) { return result < 0 && result > -4096; }

static u64 lengthOf(const char *text) {
  u64 length = 0;
  while (text[length] != 0) length++;
  return length;
}

static char *put(char *to, const char *text) {
  while (*text != 0) *to++ = *text++;
  *to = 0;
  return to;
}

static char *putNumber(char *to, u64 number) {
  if (number > 9) to = putNumber(to, number / 10);
  *to++ = (char)('0' + number % 10);
  *to = 0;
  return to;
}

/** Says in one line why not, and ends with 127, as a shell does for what it cannot run. */
static void __attribute__((noreturn)) refuse(const char *why, const char *what, long result) {
  char line[512];
  char *end = put(put(line, "cryoscope: "), why);
  if (lengthOf(what) < 256) end = put(end, what);
  if (failed(result)) end = putNumber(put(end, ": error "), (u64)-result);
  end = put(end, "\n");
  call(SYS_write, 2, (long)line, end - line, 0, 0, 0);
  for (;;) call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
}

static long memoryFile(const char *name) {
  // Kernels before 6.3 do not know the last flag; some later ones are told to insist on it.
  long flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  long file = call(SYS_memfd_create, (long)name, flags | MFD_NOEXEC_SEAL, 0, 0, 0, 0);
  if (failed(file)) file = call(SYS_memfd_create, (long)name, flags, 0, 0, 0, 0);
  return file;
}

/** Opens the descriptors that the caller closed: nothing else must become stdin, stdout, stderr. */
static void fillStandard(void) {
  for (long file = 0; file < 3; file++) {
    if (!failed(call(SYS_fcntl, file, F_GETFD, 0, 0, 0, 0))) continue;
    // The lowest that is free is this one. Where there is no /dev, an empty file in memory.
    long got = call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR, 0, 0, 0);
    if (failed(got)) got = call(SYS_memfd_create, (long)"nothing", 0, 0, 0, 0, 0);
    if (failed(got)) refuse("cannot open a descriptor in place of a closed one", "", got);
  }
}

/** A library as a file in memory, which nobody can change. */
static long libraryFile(u64 start, u64 size) {
  long file = memoryFile("cryoscope-library");
  if (failed(file)) refuse("cannot keep a library in memory (memfd_create)", "", file);
  while (size > 0) {
    long wrote = call(SYS_write, file, (long)start, (long)size, 0, 0, 0);
    if (wrote == -EINTR) continue;
    if (failed(wrote) || wrote == 0) refuse("cannot keep a library in memory (write)", "", wrote);
    start += (u64)wrote;
    size -= (u64)wrote;
  }
  call(SYS_fcntl, file, F_ADD_SEALS, ALL_SEALS, 0, 0, 0);
  return file;
}

static char *putPath(char *to, long file) { return putNumber(put(to, "/proc/self/fd/"), (u64)file); }

static void mustOpen(long file) {
  char path[64];
  putPath(path, file);
  long got = call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
  if (failed(got)) {
    refuse("needs /proc, which is not mounted here: the libraries of this file, and the safe opening "
           "of archives, go by /proc/self/fd. Mount it (mount -t proc proc /proc)", "", got);
  }
  call(SYS_close, got, 0, 0, 0, 0, 0);
}

static const char preloadName[] = "LD_PRELOAD=";

/** The entry of the environment: our libraries first, then those that the caller asked for. */
static char *preload(const char *theirs) {
  const struct parcel *parcel = PARCEL;
  u64 room = 256 + (theirs == 0 ? 0 : lengthOf(theirs));
  long memory = call(SYS_mmap, 0, (long)room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (failed(memory)) refuse("no memory for its environment", "", memory);
  char *end = put((char *)memory, preloadName);
  for (int index = 0; index < 2; index++) {
    long file = libraryFile(parcel->libraries[index].start, parcel->libraries[index].size);
    mustOpen(file);
    end = putPath(index == 0 ? end : put(end, ":"), file);
  }
  if (theirs != 0 && *theirs != 0) put(put(end, ":"), theirs);
  return (char *)memory;
}

/** What follows the name, if this is the entry of that name. */
static char *valueOf(char *entry, const char *name) {
  while (*name != 0 && *entry == *name) entry++, name++;
  return *name == 0 ? entry : 0;
}

static void readAll(long file, void *to, u64 size, u64 offset, const char *path) {
  long got = call(SYS_pread, file, (long)to, (long)size, (long)offset, 0, 0);
  if (got != (long)size) refuse("cannot read the dynamic linker ", path, got);
}

/** Maps one part of the dynamic linker to where it belongs; what is behind its bytes is zero. */
static void mapPart(long file, u64 base, const struct program_header *part, u64 page, const char *path) {
  u64 from = base + part->address;
  u64 start = from & -page;
  u64 fileEnd = from + part->fileSize;
  u64 memoryEnd = from + part->memorySize;
  int access = (part->flags & 4 ? PROT_READ : 0) | (part->flags & 2 ? PROT_WRITE : 0) |
               (part->flags & 1 ? PROT_EXEC : 0);
  long got = call(SYS_mmap, (long)start, (long)(fileEnd - start), access, MAP_PRIVATE | MAP_FIXED, file,
                  (long)(part->offset - (from - start)));
  if (failed(got)) refuse("cannot map the dynamic linker ", path, got);
  if (memoryEnd <= fileEnd) return;
  u64 zeroEnd = (fileEnd + page - 1) & -page;
  for (volatile u8 *at = (u8 *)fileEnd; (u64)at < zeroEnd; at++) *at = 0;
  if (memoryEnd <= zeroEnd) return;
  got = call(SYS_mmap, (long)zeroEnd, (long)(memoryEnd - zeroEnd), access,
             MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
  if (failed(got)) refuse("cannot map the dynamic linker ", path, got);
}

struct linker {
  u64 base;
  u64 entry;
};

/** Maps the system's dynamic linker, as the kernel does. */
static struct linker loadLinker(const char *path, u64 page) {
  long file = call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
  if (failed(file)) {
    refuse("needs the GNU C library (glibc 2.28 or later), and this system has none, or a file in its "
           "place cannot be opened: ", path, file);
  }
  struct file_header header;
  struct program_header parts[16];
  readAll(file, &header, sizeof header, 0, path);
  if (header.machine != MACHINE || header.programHeaderSize != sizeof *parts ||
      header.programHeaderCount > 16) {
    refuse("does not know this dynamic linker: ", path, 0);
  }
  readAll(file, parts, header.programHeaderCount * sizeof *parts, header.programHeaders, path);
  u64 end = 0;
  u64 align = page;
  for (int index = 0; index < header.programHeaderCount; index++) {
    if (parts[index].type != PT_LOAD) continue;
    if (parts[index].address + parts[index].memorySize > end) {
      end = parts[index].address + parts[index].memorySize;
    }
    if (parts[index].align > align) align = parts[index].align;
  }
  long room = call(SYS_mmap, 0, (long)(end + align), 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (failed(room)) refuse("no memory for the dynamic linker ", path, room);
  u64 base = ((u64)room + align - 1) & -align;
  for (int index = 0; index < header.programHeaderCount; index++) {
    if (parts[index].type == PT_LOAD) mapPart(file, base, &parts[index], page, path);
  }
  call(SYS_close, file, 0, 0, 0, 0, 0);
  return (struct linker){base, base + header.entry};
}

struct onward {
  u64 *stack;
  u64 entry;
};

static u64 auxiliary(u64 *vector, u64 kind) {
  while (vector[0] != AT_NULL && vector[0] != kind) vector += 2;
  return vector[0] == kind ? vector[1] : 0;
}

/** Makes the auxiliary vector what the dynamic linker would have got from the kernel. */
static void tell(u64 *vector, struct linker linker) {
  for (; vector[0] != AT_NULL; vector += 2) {
    if (vector[0] == AT_PHDR) vector[1] = PARCEL->headers;
    if (vector[0] == AT_PHNUM) vector[1] = PARCEL->headerCount;
    if (vector[0] == AT_ENTRY) vector[1] = PARCEL->entry;
    if (vector[0] == AT_BASE) vector[1] = linker.base;
  }
}

/** Puts an entry in front of the environment: what stands before moves down by two words, as the
    stack must stay aligned, and what stands behind by one. */
static u64 *insert(u64 *stack, u64 *environment, u64 *end, char *entry) {
  u64 *moved = stack - 2;
  u64 *to = moved;
  for (u64 *from = stack; from < environment; from++) *to++ = *from;
  *to++ = (u64)entry;
  for (u64 *from = environment; from < end; from++) *to++ = *from;
  return moved;
}

__attribute__((used)) struct onward start(u64 *stack) {
  u64 *environment = stack + 1 + stack[0] + 1;
  u64 *vector = environment;
  u64 *theirs = 0;
  for (; *vector != 0; vector++) {
    if (valueOf((char *)*vector, preloadName) != 0) theirs = vector;
  }
  vector++;
  if (auxiliary(vector, AT_SECURE) != 0) {
    refuse("does not run with more rights than its caller has (setuid, setgid, file capabilities)", "", 0);
  }
  fillStandard();
  struct linker linker = loadLinker((const char *)PARCEL->interpreter, auxiliary(vector, AT_PAGESZ));
  tell(vector, linker);
  char *entry = preload(theirs == 0 ? 0 : valueOf((char *)*theirs, preloadName));
  if (theirs != 0) {
    *theirs = (u64)entry;
    return (struct onward){stack, linker.entry};
  }
  u64 *end = vector;
  while (*end != AT_NULL) end += 2;
  return (struct onward){insert(stack, environment, end + 2, entry), linker.entry};
}
