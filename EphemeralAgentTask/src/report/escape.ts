// Text from outside in a page of Markdown: shown as it is, never read as markup.

/** Control characters, and characters that turn the direction of what follows or hide it; line ends and tabs are kept. */
function isHidden(code: number): boolean {
  if (code === 0x09 || code === 0x0a) return false;
  const control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const turning = (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e);
  return control || turning || (code >= 0x2060 && code <= 0x2069) || code === 0xfeff;
}

/** The text with hidden characters shown as �. */
export const visible = (text: string): string =>
  [...text.replaceAll("\r\n", "\n")].map((one) => (isHidden(one.codePointAt(0) ?? 0) ? "\ufffd" : one)).join("");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For a place in HTML. */
export const html = (text: string): string => visible(text).replaceAll(/[&<>"']/g, (one) => entities[one] ?? one);

/** Characters that mean something in Markdown, as numbers: no parser reads a number as markup. */
const meaning = /[\\`*_{}[\]()#+\-.!|~:$@/]/g;

/** For a place in a line of Markdown: one line, nothing of it markup, nothing of it a link. */
export const inline = (text: string): string =>
  html(text)
    .replaceAll(/&(amp|lt|gt|quot|#39);|[\\`*_{}[\]()#+\-.!|~:$@/]/g, (one) =>
      one.startsWith("&") ? one : `&#${one.charCodeAt(0)};`,
    )
    .replaceAll(/\s*\n\s*/g, " ");

/** A text with its lines, in a block that ends with it alone. */
export const block = (text: string): string =>
  `<pre>${html(text)
    .replaceAll(meaning, (one) => `&#${one.charCodeAt(0)};`)
    .replaceAll("\n", "&#10;")}</pre>`;
