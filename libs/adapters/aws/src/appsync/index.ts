export * from './appsync-event-bus';
