import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

/** GitHub names the kind of an error beside its message: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions shows `type`. */
export function graphqlRefusal(
  type:
    'NOT_FOUND' | 'FORBIDDEN' | 'UNPROCESSABLE' | 'MISSING_PAGINATION_BOUNDARIES' | 'EXCESSIVE_PAGINATION',
  message: string,
): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

const NO_FIELD = /^Cannot query field "(\w+)" on type "(\w+)"/;

/** As GitHub writes errors into a 200: `type` is no extension there, and a field that does not exist has words of its own. */
export function formatGraphqlError(error: GraphQLError): object {
  const { message, locations, path }: GraphQLFormattedError = error.toJSON();
  const at = { ...(path !== undefined && { path }), ...(locations !== undefined && { locations }) };
  const { type } = error.extensions;
  if (typeof type === 'string') return { type, ...at, message };
  const [, fieldName, typeName] = NO_FIELD.exec(message) ?? [];
  if (fieldName === undefined) return { ...at, message };
  return {
    ...at,
    extensions: { code: 'undefinedField', typeName, fieldName },
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
  };
}
