export * from './put-lines';
