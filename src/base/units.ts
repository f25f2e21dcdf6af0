const steps = ["KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes for people: `512 B`, `1.0 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let step = 0;
  while (value >= 1023.95 && step < steps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${value.toFixed(1)} ${steps[step]}`;
}

/** A count with thousands separated: `4,194,304`. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Microseconds as CRIU's statistics give them: `427 µs`, `201.3 ms`, `3.2 s`. */
export function formatMicroseconds(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1000).toFixed(1)} ms`;
  return `${(us / 1_000_000).toFixed(1)} s`;
}

/** An age as kubectl shows it: `45s`, `12m`, `5h`, `3d`. A time to come reads `0s`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h`;
  return `${Math.floor(hours / 24)}d`;
}

/** Permission bits as four octal digits: `0600`. */
export function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** A magic number as it is written in C headers: `0x54564319`. */
export function hexMagic(magic: number): string {
  return `0x${magic.toString(16).padStart(8, "0")}`;
}

/** A size for people, with the exact number where it is rounded. */
export function exactBytes(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}
