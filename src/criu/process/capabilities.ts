/** Capabilities by number, as in `<linux/capability.h>` of Linux 6.x. */
const names = (
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE " +
  "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO " +
  "SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME " +
  "SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG " +
  "WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
).split(" ");

/** Words of 32 bits in a capability set of Linux. */
export const capabilityWords = 2;

/** Names of the capabilities in a set; one that we do not know is `CAP_` and its number. */
export function capabilityNames(words: readonly number[]): string[] {
  const result: string[] = [];
  for (let number = 0; number < capabilityWords * 32; number++) {
    const word = words[number >>> 5] ?? 0;
    if ((word >>> (number & 31)) & 1) result.push(`CAP_${names[number] ?? number}`);
  }
  return result;
}
