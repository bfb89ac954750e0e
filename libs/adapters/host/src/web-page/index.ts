export * from './http-web-page';
export { isPublicAddress } from './public-address';
