import type { DemoModule } from './demo-module';
import { discounts } from './discounts';
import { giftCards } from './gift-cards';
import { lending } from './lending';
import { loyalty } from './loyalty';
import { money } from './money';
import { returns } from './returns';
import { shipping } from './shipping';
import { taxes } from './taxes';

export type { DemoBugSite, DemoModule } from './demo-module';
export { projectFiles } from './project-files';

/** The demo's library: what a bookshop computes every day. */
export const demoModules: readonly DemoModule[] = [
  discounts,
  giftCards,
  lending,
  loyalty,
  money,
  returns,
  shipping,
  taxes,
];
