export { fixFailingTest } from './fix-failing-test';
