import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './item-key';

/** What lies at a key. */
export interface Item extends ItemKey {
  readonly [attribute: string]: unknown;
}

/** What must hold of the item that an action touches; all of it. */
export interface Condition {
  /** The attribute has this value; `undefined`: there is no such attribute. */
  readonly is?: Readonly<Record<string, unknown>>;
  readonly has?: readonly string[];
  readonly below?: Readonly<Record<string, number>>;
  readonly atMost?: Readonly<Record<string, number>>;
}

/** One part of a write. No two parts of a write may touch the same item. */
export type Action =
  | { readonly put: Item; readonly when?: Condition }
  /** Sets attributes; `undefined` removes one. */
  | { readonly update: ItemKey; readonly set: Readonly<Record<string, unknown>>; readonly when?: Condition }
  /** Adds to attributes, from zero where there are none: rivals need not have read the same. */
  | { readonly add: ItemKey; readonly amounts: Readonly<Record<string, number>>; readonly when?: Condition }
  | { readonly remove: ItemKey; readonly when?: Condition }
  | { readonly check: ItemKey; readonly when: Condition };

/** The item does not exist. */
export const isNew: Condition = { is: { pk: undefined } };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Every attribute is named by a placeholder: which words are reserved changes with the vendor. */
export function toTransactItem(action: Action, tableName: string): TransactItem {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const nameOf = (attribute: string): string => {
    const index = Object.values(names).indexOf(attribute);
    const placeholder = `#${index === -1 ? Object.keys(names).length : index}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const valueOf = (value: unknown): string => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = value;
    return placeholder;
  };
  const update = 'set' in action ? updateExpression(action.set, nameOf, valueOf) : '';
  const addition = 'add' in action ? addExpression(action.amounts, nameOf, valueOf) : '';
  const condition = conditionExpression(action.when ?? {}, nameOf, valueOf);
  const rest = {
    TableName: tableName,
    ...(condition && { ConditionExpression: condition }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
  if ('put' in action) return { Put: { Item: withoutUndefined(action.put), ...rest } };
  if ('update' in action) {
    return { Update: { Key: keyOf(action.update), UpdateExpression: update, ...rest } };
  }
  if ('add' in action) return { Update: { Key: keyOf(action.add), UpdateExpression: addition, ...rest } };
  if ('remove' in action) return { Delete: { Key: keyOf(action.remove), ...rest } };
  return { ConditionCheck: { Key: keyOf(action.check), ...rest, ConditionExpression: condition } };
}

type Placeholder<T> = (given: T) => string;

function updateExpression(
  set: Readonly<Record<string, unknown>>,
  nameOf: Placeholder<string>,
  valueOf: Placeholder<unknown>,
): string {
  const entries = Object.entries(set);
  const kept = entries
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => `${nameOf(attribute)} = ${valueOf(value)}`);
  const gone = entries.filter(([, value]) => value === undefined).map(([attribute]) => nameOf(attribute));
  return [
    ...(kept.length > 0 ? [`SET ${kept.join(', ')}`] : []),
    ...(gone.length > 0 ? [`REMOVE ${gone.join(', ')}`] : []),
  ].join(' ');
}

function addExpression(
  amounts: Readonly<Record<string, number>>,
  nameOf: Placeholder<string>,
  valueOf: Placeholder<unknown>,
): string {
  const parts = Object.entries(amounts).map(
    ([attribute, amount]) => `${nameOf(attribute)} ${valueOf(amount)}`,
  );
  return `ADD ${parts.join(', ')}`;
}

function conditionExpression(
  { is = {}, has = [], below = {}, atMost = {} }: Condition,
  nameOf: Placeholder<string>,
  valueOf: Placeholder<unknown>,
): string {
  return [
    ...Object.entries(is).map(([attribute, value]) =>
      value === undefined
        ? `attribute_not_exists(${nameOf(attribute)})`
        : `${nameOf(attribute)} = ${valueOf(value)}`,
    ),
    ...has.map((attribute) => `attribute_exists(${nameOf(attribute)})`),
    ...Object.entries(below).map(([attribute, value]) => `${nameOf(attribute)} < ${valueOf(value)}`),
    ...Object.entries(atMost).map(([attribute, value]) => `${nameOf(attribute)} <= ${valueOf(value)}`),
  ].join(' AND ');
}

function keyOf({ pk, sk }: ItemKey): Record<string, string> {
  return { pk, sk };
}

function withoutUndefined(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}
