import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps, Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from './acknowledge';

/** What a role may do. */
export interface Permission extends Pick<PolicyStatementProps, 'conditions'> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why some of the resources are patterns, where they are. */
  readonly wildcard?: string;
}

/** Gives a role its permissions. cdk-nag refuses those that have a wildcard without a reason. */
export function grant(role: Role, permissions: readonly Permission[]): void {
  for (const { actions, resources, conditions, wildcard } of permissions) {
    role.addToPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
    if (wildcard === undefined) continue;
    for (const resource of resources.filter((each) => each.includes('*'))) {
      acknowledge(role, `IAM5[Resource::${findingOf(role, resource)}]`, wildcard);
    }
  }
}

/** As cdk-nag names it: references, and variables of the policy, by their names in angle brackets. */
function findingOf(role: Role, resource: string): string {
  const resolved: unknown = Stack.of(role).resolve(resource);
  if (typeof resolved === 'string') return withVariables(resolved);
  const [, parts] = (resolved as { 'Fn::Join': [string, readonly (string | { Ref: string })[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? withVariables(part) : `<${part.Ref}>`)).join('');
}

const withVariables = (text: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_, name: string) => `<${name}>`);
