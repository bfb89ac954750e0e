export * from './ingress-app';
