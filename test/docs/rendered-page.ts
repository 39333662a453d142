// A page of the documentation as a web site shows it: GitHub's widths, and its way with wide tables.
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { marked } from "marked";

/** What decides about widths on GitHub: the page's column, and tables that scroll when they do not fit. */
const style = `body{margin:0 auto;padding:24px 32px;max-width:936px;font:16px/1.5 "Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;color:#1f2328}
table{display:block;width:max-content;max-width:100%;overflow:auto;border-collapse:collapse}
th,td{padding:6px 13px;border:1px solid #d1d9e0}
code{padding:.2em .4em;font:85% ui-monospace,"DejaVu Sans Mono",monospace;background:#eff1f3;border-radius:6px;white-space:break-spaces}
pre{padding:16px;overflow:auto;background:#f6f8fa;border-radius:6px} pre code{padding:0;white-space:pre;background:none}
blockquote{margin:0;padding:0 1em;color:#59636e;border-left:.25em solid #d1d9e0} img{max-width:100%}
h1,h2{padding-bottom:.3em;border-bottom:1px solid #d1d9e0}`;

/**
 * @param path of the page; its pictures are found from there
 * @param text Markdown
 * @returns HTML
 */
export function rendered(path: string, text: string): string {
  const base = `${pathToFileURL(dirname(path))}/`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><base href="${base}"><title>${path}</title><style>${style}</style>${marked.parse(text, { async: false })}</html>`;
}
