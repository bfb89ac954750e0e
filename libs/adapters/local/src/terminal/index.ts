export * from './check-list';
export * from './terminal-chat';
export * from './command-line';
export * from './json-lines';
export * from './run-result';
export * from './session-view';
export * from './transcript';
export * from './typed-lines';
