import type { MessageFile } from '../events/incoming-message';

/**
 * Where people's uploads lie: https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/attaching-files
 * and, before 2023, below the repository or on `user-images.githubusercontent.com`.
 */
const UPLOAD =
  /^https?:\/\/(?:[\w.-]+(?::\d+)?\/(?:user-attachments|[\w.-]+\/[\w.-]+)\/(?:assets|files)\/[\w./-]+|(?:private-)?user-images\.githubusercontent\.com\/[\w./-]+)$/;
/** Of an image or a link in Markdown, and of an image in HTML. */
const NAMED =
  /\[([^\]\n]{0,200})\]\(\s*<?(https?:\/\/[^\s)>]+)>?[^)\n]*\)|<img\b[^>]{0,500}?\bsrc="(https?:\/\/[^"\s]+)"/gi;
const EXTENSION = /\.[A-Za-z0-9]{1,10}$/;

/** The files that people attached to an issue or a comment, each once, in order of appearance. */
export function findAttachedFiles(markdown: string): readonly MessageFile[] {
  const files = new Map<string, MessageFile>();
  for (const [, label = '', target, source] of markdown.matchAll(NAMED)) {
    const url = (target ?? source ?? '').replace(/[?#].*$/, '');
    if (!UPLOAD.test(url) || files.has(url)) continue;
    const last = url.slice(url.lastIndexOf('/') + 1);
    files.set(url, { ref: `github:${url}`, name: EXTENSION.test(last) ? last : label.trim() || last });
  }
  return [...files.values()];
}
