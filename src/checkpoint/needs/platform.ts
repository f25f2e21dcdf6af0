// CRIU's names of architectures (`mtype` of a core), and Go's, which OCI and Kubernetes use.
const architectures: Readonly<Record<string, string>> = {
  X86_64: "amd64",
  AARCH64: "arm64",
  ARM: "arm",
  PPC64: "ppc64le",
  S390: "s390x",
  MIPS: "mips64le",
  LOONGARCH64: "loong64",
  RISCV64: "riscv64",
};

/** Every architecture whose name is known, as CRIU writes it. */
export const knownArchitectures = Object.keys(architectures);

/** Go's name of an architecture; undefined for one that CRIU has not. */
export function platformOf(architecture: string): string | undefined {
  return Object.hasOwn(architectures, architecture) ? architectures[architecture] : undefined;
}
