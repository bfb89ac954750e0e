/** `${secret:NAME}` and `${workspaceFolder}`: what stands in a tool server's settings for something else. */
const REFERENCE = /\$\{([^{}]*)\}/g;
const SECRET = /^secret:([\w./-]+)$/;
const WORKSPACE = 'workspaceFolder';

/** The secrets that a setting names. */
export function secretsNamedIn(setting: string): readonly string[] {
  return [...setting.matchAll(REFERENCE)].flatMap(([, inner = '']) => SECRET.exec(inner)?.[1] ?? []);
}

/** The first reference in a setting that means nothing here. */
export function unknownReferenceIn(setting: string): string | undefined {
  const found = [...setting.matchAll(REFERENCE)].find(
    ([, inner = '']) => inner !== WORKSPACE && !SECRET.test(inner),
  );
  return found?.[0];
}

/** A setting with what its references stand for. A secret that can't be read is the reader's fault. */
export async function resolveReferences(
  setting: string,
  workspaceFolder: string,
  readSecret: (name: string) => Promise<string>,
): Promise<string> {
  const parts = setting.split(REFERENCE);
  // Every other part is what a reference's braces hold.
  const resolved = parts.map((part, i) => {
    if (i % 2 === 0) return part;
    const name = SECRET.exec(part)?.[1];
    if (name !== undefined) return readSecret(name);
    return part === WORKSPACE ? workspaceFolder : `\${${part}}`;
  });
  return (await Promise.all(resolved)).join('');
}
