// Escapes text from outside for Markdown.

/**
 * Control characters, and every character that Unicode lets a page leave out: those that turn the direction of what follows,
 * have no width, or are tags that nobody sees. Line ends and tabs are kept, and so is the choice between an emoji and a sign.
 */
const hidden = /(?!\t|\n|\ufe0e|\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\ufff9-\ufffb]/gu;

/** The text with hidden characters shown as �. */
export const visible = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll(hidden, "\ufffd");

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
