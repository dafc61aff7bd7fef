import type { Withheld } from '../api/bindings/Withheld';
import type { Key } from '../i18n/keys';

/** Why a promotion that fits is not given. */
export const WITHHELD = {
  used_up: 'promotion-used-up',
  needs_customer: 'promotion-needs-customer',
  outdone: 'promotion-outdone',
} as const satisfies Record<Withheld, Key>;
