/** What a pod that reads archives needs to know. */
export interface ReaderWish {
  name: string;
  namespace: string;
  node: string;
  image: string;
  /** The kubelet's folder of checkpoints on the node. */
  folder: string;
  /** Seconds after which the node ends it by itself, whatever became of us. */
  lifetime: number;
  /** The archive is to be removed afterwards, so the folder cannot be read-only. */
  writable: boolean;
}

/** Where the folder is in the pod. */
export const readerFolder = "/checkpoints";
export const readerContainer = "reader";

/**
 * A pod that does nothing but hold the folder of checkpoints open for reading, on one node, for a
 * while. Archives are root's alone, so it is root; but it has no capabilities, no token, no file
 * system of its own to write to.
 */
export function readerPod(wish: ReaderWish): object {
  const { name, namespace, node, image, folder, lifetime, writable } = wish;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/name": "cryoscope", "app.kubernetes.io/component": "fetch" },
    },
    spec: {
      nodeName: node,
      restartPolicy: "Never",
      activeDeadlineSeconds: lifetime,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // The node may be cordoned, or in trouble: all the more reason to bring the archive away.
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: readerContainer,
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["sleep", `${lifetime}`],
          resources: {
            requests: { cpu: "10m", memory: "32Mi" },
            limits: { cpu: "1", memory: "64Mi" },
          },
          securityContext: {
            runAsUser: 0,
            runAsGroup: 0,
            privileged: false,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
            // With SELinux a container sees nothing of the node otherwise; without, it is ignored.
            seLinuxOptions: { type: "spc_t" },
          },
          volumeMounts: [{ name: "checkpoints", mountPath: readerFolder, readOnly: !writable }],
        },
      ],
      volumes: [{ name: "checkpoints", hostPath: { path: folder, type: "Directory" } }],
    },
  };
}
