import { type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";

/** Architectures whose kernels have pages of one size, in bytes. */
const fixed: Readonly<Record<string, number>> = {
  amd64: 4096,
  "386": 4096,
  arm: 4096,
  s390x: 4096,
  riscv64: 4096,
};

/** The page size, as the architecture or the kernel's name tells it (`…+64k`, `…-64k`). */
export function pageSizeByName(kernel: Fact<string>, architecture: Fact<string>): Fact<number> {
  const name = architecture.value;
  if (name === null) return unknown(architecture.evidence);
  const size = fixed[name];
  if (size !== undefined) return known(size, `${name} has pages of one size`);
  if (kernel.value !== null && /[+-]64k\b/.test(kernel.value)) return known(65536, kernel.value);
  return unknown(`kernels of ${name} have pages of several sizes`);
}

/** The page size, as the kernel tells it of our own memory; else by names. */
export function pageSizeOf(
  host: Host,
  kernel: Fact<string>,
  architecture: Fact<string>,
): Fact<number> {
  const path = "/proc/self/smaps";
  const read = host.text(path);
  const told = read.state === "found" ? /^KernelPageSize:\s+(\d{1,6}) kB$/m.exec(read.value) : null;
  if (told !== null) return known(Number(told[1]) * 1024, path);
  return pageSizeByName(kernel, architecture);
}

/** What programs can have without swapping others out. */
export function availableBytes(host: Host): Fact<number> {
  const path = "/proc/meminfo";
  const read = host.text(path);
  if (read.state !== "found") return unknown(`${path} cannot be read`);
  const told = /^MemAvailable:\s+(\d{1,15}) kB$/m.exec(read.value);
  return told === null ? unknown(`${path} does not say`) : known(Number(told[1]) * 1024, path);
}
