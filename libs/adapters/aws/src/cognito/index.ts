export { CognitoAccounts } from './cognito-accounts';
export type { CognitoAccountsOptions } from './cognito-accounts';
