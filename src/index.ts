/**
 * cryoscope as a library: open a checkpoint archive and ask it questions.
 *
 * Everything is read-only and lazy; nothing is written anywhere, unless it is a kubelet that is asked
 * for a checkpoint, or an archive that is brought here. Sizes are bytes, u64 values are
 * bigint, times are RFC 3339 texts. Errors are `Fault`s with a `kind` and five answers in `detail`.
 */
export type { Archive, ArchiveFile } from "./archive/archive.ts";
export type { Compression } from "./archive/compression.ts";
export { PartialFile } from "./archive/landing.ts";
export type { MemberType, TarMember } from "./archive/member.ts";
export type { PermissionPolicy } from "./archive/permission-gate.ts";
export type { CheckpointDiff, DiffSection } from "./audit/diff/checkpoint-diff.ts";
export { type DiffOptions, diffCheckpoints } from "./audit/diff/diff.ts";
export type { ByteSource } from "./base/byte-source.ts";
export type { Clock } from "./base/clock.ts";
export {
  ArchiveError,
  Fault,
  type FaultDetail,
  type FaultKind,
  InterruptedError,
  type Place,
  RefusedError,
  RemoteError,
  TimeoutError,
  UsageError,
} from "./base/errors.ts";
export type { Problem } from "./base/problem.ts";
export { version } from "./base/version.ts";
export { Checkpoint } from "./checkpoint/checkpoint.ts";
export {
  type EnvironmentList,
  listEnvironments,
  type ProcessEnvironment,
} from "./checkpoint/environment-list.ts";
export { type FileList, type FileListOptions, listFiles } from "./checkpoint/file-list.ts";
export type { NamedIdentity } from "./checkpoint/identity.ts";
export { type ImageList, type ImageRow, listImages } from "./checkpoint/image-list.ts";
export { type Inspection, type InspectOptions, inspect } from "./checkpoint/inspection.ts";
export { listMounts, type MountList } from "./checkpoint/mount-list.ts";
export {
  type CheckpointOptions,
  openCheckpoint,
  openCheckpointPipe,
} from "./checkpoint/open-checkpoint.ts";
export { describeProcess, type ProcessDocument } from "./checkpoint/process-document.ts";
export {
  listProcesses,
  type ProcessList,
  type ProcessOptions,
  type ProcessRow,
} from "./checkpoint/process-list.ts";
export { listSockets, type SocketList } from "./checkpoint/socket-list.ts";
export { type Summary, summarize } from "./checkpoint/summary.ts";
export type { Mapping } from "./criu/memory/mapping.ts";
export type { MemoryRead, Origin, ProcessMemory, Segment } from "./criu/memory/process-memory.ts";
export type { CriuProcess } from "./criu/processes.ts";
export { type Diagnosis, diagnose, remedyOf } from "./diagnose/diagnose.ts";
export type { KnownError } from "./diagnose/known-error.ts";
export { knownErrors } from "./diagnose/known-errors.ts";
export type {
  ErrorLine,
  Finding,
  LogExplanation,
  Phase,
  RunExplanation,
} from "./diagnose/log/explanation.ts";
export { type LogRead, LogReader, type ReadOptions, readLog } from "./diagnose/log/read-log.ts";
export type { Target } from "./kubelet/asked.ts";
export { defaultDeadline, type Patience } from "./kubelet/call.ts";
export type { ApiMeans } from "./kubelet/cluster/ask-api.ts";
export { findKubeconfig } from "./kubelet/cluster/find-kubeconfig.ts";
export { type Access, logIn } from "./kubelet/cluster/login.ts";
export { type ClusterChoice, planCluster } from "./kubelet/cluster/plan.ts";
export { type KubeletOptions, kubeletAddress, kubeletEndpoint } from "./kubelet/direct.ts";
export type { Fetched, FetchWay, Landing } from "./kubelet/fetch/fetch.ts";
export { type FetchFrom, type FetchWish, fetchArchive } from "./kubelet/fetch/fetch-archive.ts";
export type { Endpoint } from "./kubelet/http/endpoint.ts";
export { type Plan, type Planned, planDirect } from "./kubelet/planned.ts";
export type { Made, Outcome, Route, RouteMeans } from "./kubelet/route.ts";
export { type Job, schedule } from "./kubelet/schedule.ts";
export { type NamedTarget, parseTarget } from "./kubelet/target.ts";
export { hexdump } from "./memory/hexdump.ts";
export { listMappings, type MappingList } from "./memory/mapping-list.ts";
export { expressionMatcher, literalMatcher, type Matcher } from "./memory/matcher.ts";
export { type Hit, type SearchOptions, search } from "./memory/search.ts";
export type { Detector } from "./memory/secrets/detector.ts";
export { detectors } from "./memory/secrets/detectors.ts";
export {
  findSecrets,
  type SecretOptions,
  type SecretReport,
} from "./memory/secrets/find-secrets.ts";
export type { Secret, SecretPlace, SecretPlaceKind } from "./memory/secrets/secret.ts";
export { type ApiAnswers, apiNodeFacts } from "./node/api.ts";
export type { Fact, NodeFacts } from "./node/facts.ts";
export { folderHost } from "./node/folder-host.ts";
export { gatherHost } from "./node/gather.ts";
export type { Host } from "./node/host.ts";
export { readNodeFile } from "./node/node-file.ts";
export type { Verdict } from "./node/verdicts/row.ts";
export { type NodeVerdicts, verdicts as nodeVerdicts } from "./node/verdicts.ts";
export { type Credentials, findCredentials } from "./remote/registry/credentials.ts";
export { parseReference, type Reference } from "./remote/registry/reference.ts";
export { type Base, parseBase } from "./restore/bundle/base.ts";
export type { RestoreBundle } from "./restore/bundle/bundle.ts";
export { type BundleOptions, writeBundle } from "./restore/bundle/write-bundle.ts";
export type { Annotation } from "./restore/image/annotations.ts";
export {
  type Destination,
  type DestinationForm,
  parseDestination,
} from "./restore/image/destination.ts";
export { imageDocument, type RestoreImage } from "./restore/image/image-document.ts";
export { type Pushed, type PushOptions, pushImage } from "./restore/image/registry/push.ts";
export {
  type BuiltImage,
  hashImage,
  type ImageOptions,
  type ImagePlan,
  planImage,
  writeImage,
} from "./restore/image/write-image.ts";
export {
  type FieldRemark,
  type ManifestOptions,
  makeManifest,
  type RemarkedManifest,
  type RestoreManifest,
} from "./restore/manifest/manifest.ts";
export type { Pod } from "./restore/manifest/pod.ts";
export { type RestoreNeeds, restoreNeeds } from "./restore/needs.ts";
export { type PlanOptions, planRestore, type RestorePlan } from "./restore/plan/plan.ts";
export type { PlanRow, RestoreRuntime } from "./restore/plan/row.ts";
export type { Engine } from "./runtime/engine.ts";
export type { Identity } from "./runtime/format.ts";
