export * from './host-processes';
