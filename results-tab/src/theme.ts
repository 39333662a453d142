// The colors of the page around the tab. The SDK would set them in a style element, which the security policy forbids; it
// tells of them as well.

/** Sets the theme's variables on the page each time it changes, and marks a dark one. */
export function followTheme(): void {
  window.addEventListener("themeApplied", (event) => {
    const { detail } = event as CustomEvent<Readonly<Record<string, string>> | undefined>;
    const { style, classList } = document.documentElement;
    for (const [name, value] of Object.entries(detail ?? {})) style.setProperty(`--${name}`, value);
    classList.toggle("dark", isDark(style.getPropertyValue("--palette-neutral-0")));
  });
}

/** The theme gives its background as `r, g, b`. */
function isDark(background: string): boolean {
  const [red = 255, green = 255, blue = 255] = background.split(",").map((part) => Number(part.trim()));
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
}
