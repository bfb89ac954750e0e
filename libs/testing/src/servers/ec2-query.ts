/** A call of EC2, as its form says. */
export interface Ec2Call {
  readonly action: string;
  /** All of its parameters, named as on the wire: `TagSpecification.1.Tag.2.Key`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export function readQuery(body: string): Ec2Call {
  const { Action = '', Version: _version, ...parameters } = Object.fromEntries(new URLSearchParams(body));
  return { action: Action, parameters };
}

/** The values of `prefix.1`, `prefix.2` and so on. */
export function listOf({ parameters }: Ec2Call, prefix: string): readonly string[] {
  return groupsOf(parameters, prefix).map((group) => group[''] ?? '');
}

/** The structures at `prefix.1`, `prefix.2` and so on, each with the rest of its names. */
export function groupsOf(
  parameters: Readonly<Record<string, string>>,
  prefix: string,
): readonly Readonly<Record<string, string>>[] {
  const groups: Record<string, string>[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [index = '', ...rest] = name.slice(prefix.length + 1).split('.');
    (groups[Number(index) - 1] ??= {})[rest.join('.')] = value;
  }
  return groups;
}

/** Tags at `prefix`, by name. */
export function tagsIn(
  parameters: Readonly<Record<string, string>>,
  prefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(groupsOf(parameters, prefix).map(({ Key = '', Value = '' }) => [Key, Value]));
}
