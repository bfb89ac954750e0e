/** A statement of a policy that allows something, its references resolved. */
export interface IamStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: IamCondition;
}

type IamCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  /** The request's context: what the keys of conditions, and the policy's variables, stand for. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Whether one of the statements allows a request, as far as they go: conditions of the operators below, variables that
 * are keys of the context. Throws for an operator that it does not know.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(statements: readonly IamStatement[], request: IamRequest): boolean {
  return statements.some(
    ({ Action, Resource, Condition = {} }) =>
      [Action].flat().some((action) => isLike(action, request.action)) &&
      [Resource].flat().some((resource) => matches(isLike, resource, request.resource, request)) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, key, [wanted].flat(), request)),
      ),
  );
}

type Comparison = (wanted: string, value: string) => boolean;

const isLike: Comparison = (wanted, value) =>
  new RegExp(`^${wanted.split('*').map(oneByOne).join('[^]*')}$`).test(value);
const oneByOne = (part: string): string => part.split('?').map(RegExp.escape).join('[^]');

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, value) => wanted === value,
  ArnEquals: isLike,
  StringLike: isLike,
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function holds(operator: string, key: string, wanted: readonly string[], request: IamRequest): boolean {
  const given = request.context[key];
  if (operator === 'Null') return wanted.includes(String(given === undefined));
  const [, forAll, name = ''] = /^(ForAllValues:)?(\w+)$/.exec(operator) ?? [];
  const comparison = COMPARISONS[name];
  if (comparison === undefined) throw new Error(`the operator ${operator} is not known here`);
  // Of no values all are right.
  if (given === undefined) return forAll !== undefined;
  return [given].flat().every((value) => wanted.some((each) => matches(comparison, each, value, request)));
}

/** A variable that nothing is known of is like nothing. */
function matches(comparison: Comparison, wanted: string, value: string, { context }: IamRequest): boolean {
  const unknown = [...wanted.matchAll(/\$\{([^}]+)\}/g)].some(([, name = '']) => context[name] === undefined);
  if (unknown) return false;
  const known = wanted.replace(/\$\{([^}]+)\}/g, (_, name: string) => String(context[name]));
  return comparison(known, value);
}
