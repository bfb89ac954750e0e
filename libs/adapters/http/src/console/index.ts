export { AccountSignIn, CALLBACK_PATH } from './account-sign-in';
export type { Accounts, Person } from './account-sign-in';
export { consoleApp } from './console-app';
export type { ConsoleOptions } from './console-app';
export type { SignedIn } from './browser-key';
export { SignIn } from './sign-in';
export type { SignInOptions } from './sign-in';
export { fromObjects, readStaticFiles, toObjects } from './static-files';
export type { StaticFile } from './static-files';
