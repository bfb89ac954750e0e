// Copies a folder to another place, and takes away what was there before.
import { cp, rm } from 'node:fs/promises';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('usage: copy-folder.mjs <from> <to>');
await rm(to, { recursive: true, force: true });
await cp(from, to, { recursive: true });
