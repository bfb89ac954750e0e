export * from './sharp-image';
