export declare const engines: readonly ["crio", "containerd", "podman"];
/** Paths of all sample archives, by folder. */
export declare function sampleArchives(): {
    folder: (typeof engines)[number];
    name: string;
    path: string;
}[];
/** Path of one sample: `samplePath("podman/rich-crun.tar")`. */
export declare function samplePath(name: string): string;
export declare const crioCounter: string;
export declare const containerdCounter: string;
export declare const rich: string;
/** A private folder that goes with the test. */
export declare function scratch(): string;
/** A private copy (0600) of a sample, as a runtime would have written it. */
export declare function privateCopy(path: string): string;
