/**
 * What we accept from an archive before we stop believing it. Each number is far above what the
 * three runtimes write and far below what would hurt the machine that reads it.
 */
const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

export const limits = {
  /** Body of one PAX extended header or GNU long name. Real ones are below 1 KiB. */
  extendedHeaderBytes: 1 * MiB,
  /** Extended headers in a row before one member. POSIX needs two, GNU four. */
  extendedHeaderChain: 16,
  /** Members of one tar. A node_modules in a rootfs diff has some 100,000. */
  members: 4_000_000,
  /** Segments of one sparse member. */
  sparseSegments: 1_000_000,
  /** A metadata document: config.dump, spec.dump, status.dump. Real ones are below 100 KiB. */
  documentBytes: 32 * MiB,
  /** One protobuf entry of a CRIU image that is not a page table. Real ones are below 100 KiB. */
  imageEntryBytes: 64 * MiB,
  /** Bytes of a CRIU image that are read whole for a summary. */
  imageBytes: 256 * MiB,
  /** Runs of one page table that are kept in memory (32 bytes each). */
  pageRuns: 16_000_000,
  /** Processes of one tree; the kernel's own pid_max ends at 4,194,304. */
  processes: 4_194_304,
  /**
   * Entries of one image of files, descriptors, mounts or locks. Each costs some 3 KiB once it is
   * joined and printed; a busy proxy has some 100,000 sockets.
   */
  fileEntries: 262_144,
  /** Values in a YAML document; the library takes a kilobyte and ten microseconds for each. */
  yamlValues: 1_000_000,
  /** Broken entries after which the rest of an image is given up: fewer than problems are told. */
  brokenEntries: 256,
  /** Bytes that are read of one queue, and of all together. A kernel's own buffers end at 6 MiB. */
  queueBytes: 16 * MiB,
  allQueueBytes: 128 * MiB,
  /** Command line or environment that is read from memory; the kernel's limit for both is 6 MiB. */
  argumentBytes: 6 * MiB,
  /** Decompressed bytes for each compressed byte, once `expansionFloorBytes` are out. */
  expansionRatio: 250,
  expansionFloorBytes: 8 * GiB,
  /** Window that a zstd frame may ask for: the zstd tool's own default limit. */
  zstdWindowBytes: 128 * MiB,
  /** What one pass over a compressed archive may keep in memory. */
  retainedBytes: 48 * MiB,
  /** A member up to this size is kept during such a pass. */
  retainedMemberBytes: 8 * MiB,
  /** Other files up to this size are kept too: logs, small archives inside the archive. */
  retainedOtherBytes: 1 * MiB,
  /** A page image up to this size is kept whole. */
  retainedPageBytes: 256 * KiB,
  /** A member that is held whole while it is read out of a compressed archive. */
  heldMemberBytes: 64 * MiB,
  /** Members that are listed of an archive inside the archive. */
  nestedMembers: 1_000_000,
} as const;
