import { expect, it } from '@jest/globals';
import { readDiff } from './read-diff';

const DIFF = `diff --git a/src/fare.js b/src/fare.js
index 1111111..2222222 100644
--- a/src/fare.js
+++ b/src/fare.js
@@ -3,3 +3,4 @@ export function fare() {
 one
-two
+three
+four
 --five
@@ -20 +21 @@
-old
\\ No newline at end of file
+new
diff --git a/old name.md b/new name.md
similarity index 100%
rename from old name.md
rename to new name.md
diff --git a/logo.png b/logo.png
new file mode 100644
index 0000000..3333333
Binary files /dev/null and b/logo.png differ
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
index 4444444..0000000
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
`;

it('reads files, hunks and lines with their numbers', () => {
  const [first, ...others] = readDiff(DIFF);
  expect(first).toMatchObject({ path: 'src/fare.js', added: 3, removed: 2 });
  expect(first?.hunks.map(({ lines }) => lines)).toEqual([
    [
      { sign: ' ', text: 'one', before: 3, after: 3 },
      { sign: '-', text: 'two', before: 4 },
      { sign: '+', text: 'three', after: 4 },
      { sign: '+', text: 'four', after: 5 },
      { sign: ' ', text: '--five', before: 5, after: 6 },
    ],
    [
      { sign: '-', text: 'old', before: 20 },
      { sign: '+', text: 'new', after: 21 },
    ],
  ]);
  expect(others.map(({ path, note }) => [path, note])).toEqual([
    ['new name.md', 'renamed'],
    ['logo.png', 'added'],
    ['gone.txt', 'deleted'],
  ]);
});

it('has no files in what is no diff', () => {
  expect(readDiff('')).toEqual([]);
  expect(readDiff('<script>alert(1)</script>')).toEqual([]);
});
