export { consoleApp } from './console-app';
export type { ConsoleOptions } from './console-app';
export { SignIn } from './sign-in';
export type { SignedIn, SignInOptions } from './sign-in';
export { readStaticFiles } from './static-files';
export type { StaticFile } from './static-files';
