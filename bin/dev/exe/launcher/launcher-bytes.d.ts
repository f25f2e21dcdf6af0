type ByArchitecture = Readonly<Record<"x64" | "arm64", string>>;

export const launcherCompilers: ByArchitecture;
export const launcherBytes: ByArchitecture;
