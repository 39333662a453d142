// Volumes that the tests of processes mount.

export const secret = (files: Record<string, string>) => ({
  kind: "secret" as const,
  mountPath: "/mnt/secret",
  readOnly: true,
  files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
});

export const emptyDir = { kind: "emptyDir" as const, mountPath: "/mnt/state", readOnly: false, files: {} };
