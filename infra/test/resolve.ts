import type { Template } from './variants';

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What a deployment in an account would make of these, beside which nothing is left unresolved. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
};

/** A part of a template as one account would have it; other resources are `<their id>`. */
export function resolve(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(resolve);
  if (typeof part !== 'object' || part === null) return part;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = part as Readonly<Record<string, unknown>>;
  if (typeof Ref === 'string') return PSEUDO[Ref] ?? `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) {
    const [between, parts] = join as [string, readonly unknown[]];
    return parts.map(resolve).join(between);
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolve(value)]));
}

/** What a role of a template may do; `role` is what the id of its policy begins with. */
export function policyOf(
  role: string,
  { Resources }: Pick<Template, 'Resources'>,
): readonly PolicyStatement[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::IAM::Policy' || !id.startsWith(role)) return [];
    const { Statement } = resolve(Properties['PolicyDocument']) as { Statement: readonly PolicyStatement[] };
    return Statement;
  });
}
