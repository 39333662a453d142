// Each picture is drawn twice, and the page chooses by the reader's theme: colors of the page and of its text.
export type Theme = "light" | "dark";

export const pageColors = {
  light: { page: "#ffffff", ink: "#1f2328", muted: "#57606a" },
  dark: { page: "#0d1117", ink: "#e6edf3", muted: "#9da7b3" },
} as const satisfies Record<Theme, Readonly<Record<string, string>>>;
