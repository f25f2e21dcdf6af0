const types: Record<number, string> = {
  2401: "fifo",
  4802: "character-device",
  9604: "directory",
  14406: "block-device",
  16807: "file",
  21609: "symlink",
  26411: "socket",
};

/** What a mode says a file is; undefined where it says nothing known. */
export function fileTypeOf(mode: number | undefined): string | undefined {
  return mode === undefined ? undefined : types[mode & 0o170000];
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
