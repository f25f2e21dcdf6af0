import { ArchiveError } from "../base/errors.ts";
import { readEntries } from "./image.ts";
import type { ImageFolder } from "./image-folder.ts";

/** What `cpuinfo.img` says of the processor of the dump; CRIU writes it with `--cpu-cap` alone. */
interface Cpuinfo {
  /** `GenuineIntel` or `AuthenticAMD`. */
  vendor: string | undefined;
  /** As the processor names itself: `AMD EPYC`. */
  model: string | undefined;
  /** Instructions that CRIU compares, of those that the processor has, as /proc/cpuinfo names them. */
  flags: string[];
}

const vendors: Readonly<Record<number, string>> = { 1: "GenuineIntel", 2: "AuthenticAMD" };

/**
 * Instructions that CRIU compares (`x86_ins_capability_mask`): word of `capability`, then the bits
 * of the CPUID leaf that it holds, by the names of /proc/cpuinfo.
 */
const instructions: readonly (readonly [
  word: number,
  bits: readonly (readonly [number, string])[],
])[] = [
  // Leaf 1, EDX.
  [0, named("fpu:0 tsc:4 cx8:8 sep:11 cmov:15 clflush:19 mmx:23 fxsr:24 sse:25 sse2:26")],
  // Leaf 0x80000001, EDX.
  [1, named("syscall:11 mmxext:22 rdtscp:27 3dnowext:30 3dnow:31")],
  // Leaf 1, ECX.
  [
    4,
    named(
      "pni:0 pclmulqdq:1 monitor:3 ssse3:9 cx16:13 sse4_1:19 sse4_2:20 movbe:22 popcnt:23 aes:25 " +
        "xsave:26 avx:28 f16c:29 rdrand:30",
    ),
  ],
  // Leaf 0x80000001, ECX.
  [6, named("abm:5 sse4a:6 misalignsse:7 3dnowprefetch:8 xop:11 fma4:16 tbm:21")],
  // Leaf 7, EBX.
  [
    9,
    named(
      "fsgsbase:0 bmi1:3 hle:4 avx2:5 bmi2:8 erms:9 rtm:11 mpx:14 avx512f:16 avx512dq:17 " +
        "rdseed:18 adx:19 clflushopt:23 avx512pf:26 avx512er:27 avx512cd:28 sha_ni:29 " +
        "avx512bw:30 avx512vl:31",
    ),
  ],
  // Leaf 0xd, subleaf 1, EAX.
  [10, named("xsaveopt:0 xsavec:1 xgetbv1:2 xsaves:3")],
];

function named(list: string): [number, string][] {
  return list.split(" ").map((each) => {
    const [name = "", bit] = each.split(":");
    return [Number(bit), name];
  });
}

/** Undefined where there is no such image, and where it cannot be read. */
export async function readCpuinfo(folder: ImageFolder | undefined): Promise<Cpuinfo | undefined> {
  const source = folder?.open("cpuinfo.img");
  if (source === undefined) return undefined;
  try {
    const entry = (await readEntries(source, "cpuinfo_entry"))[0]?.x86_entry[0];
    if (entry === undefined) return undefined;
    const flags = instructions.flatMap(([word, bits]) =>
      bits.filter(([bit]) => (((entry.capability[word] ?? 0) >>> bit) & 1) === 1),
    );
    return {
      vendor: vendors[entry.vendor_id],
      model: entry.model_id?.trim(),
      flags: flags.map(([, name]) => name).sort(),
    };
  } catch (error) {
    // Whoever lists images tells what is wrong with it.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}
