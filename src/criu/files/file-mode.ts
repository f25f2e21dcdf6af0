// The format bits of a mode, shifted down: keys in octal are rewritten wrongly by the formatter.
const types: Record<number, string> = {
  1: "fifo",
  2: "character-device",
  4: "directory",
  6: "block-device",
  8: "file",
  10: "symlink",
  12: "socket",
};

/** What a mode says a file is; undefined where it says nothing known. */
export function fileTypeOf(mode: number | undefined): string | undefined {
  return mode === undefined ? undefined : types[(mode >>> 12) & 0xf];
}

/** A device number as the kernel packs it inside (`kdev_t`): 20 bits for the minor. */
export function showKernelDevice(device: number): string {
  return `${device >>> 20}:${device & 0xfffff}`;
}

/** A device number as `stat(2)` packs it in 32 bits. */
export function showDevice(device: number): string {
  const { major, minor } = splitDevice(device);
  return `${major}:${minor}`;
}

export function splitDevice(device: number): { major: number; minor: number } {
  return { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) };
}
