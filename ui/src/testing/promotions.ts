import { readPart, type Promotion } from '../pricing/parts';

export const WRITING = { locale: 'id', currency: 'IDR', digits: 0 } as const;

/** A promotion with everything that there is, as the server answers it. */
export const FULL = {
  promotion_id: 'p1',
  name: 'Sore',
  schedule: { from: 5, until: 9, weekdays: [1, 5], minutes: [960, 1080], season: [1201, 115] },
  outlet_ids: ['o1'],
  channels: ['take_away'],
  segments: ['gold', 'staff'],
  coupons: [
    { code: 'HEMAT', uses: 3, per_customer: 1 },
    { code: 'LAGI', uses: null, per_customer: null },
  ],
  target: { item_ids: ['i1'], category_ids: ['c1'], except_item_ids: ['i2'] },
  min_spend: '50000 IDR',
  priority: -2,
  group: 'tea',
  exclusive: true,
  limits: { per_order: 1, per_customer: 2, per_day: 30, in_all: 400 },
};

export const NONE = { item_ids: [], category_ids: [], except_item_ids: [] };
const TEA = { item_ids: ['i3'], category_ids: ['c2'], except_item_ids: ['i5'] };
const TENTH = { percent: { rate_ppm: 100_000, cap: null } };

/** Every kind that there is, in every way that it can be. */
export const SHOWN = [
  { effect: 'percent', rate_ppm: 333_333 },
  { effect: 'amount', per_unit: '2000 IDR' },
  { effect: 'fixed_price', unit_price: '12000.5' },
  { effect: 'buy_get', buy: 2, get: 1, rate_ppm: 1_000_000, other: null },
  { effect: 'buy_get', buy: 1, get: 1, rate_ppm: 500_000, other: TEA },
  { effect: 'buy_get', buy: 2, get: 1, rate_ppm: 1_000_000, other: { item_ids: ['i3'], category_ids: [] } },
  { effect: 'bundle', parts: [{ target: NONE, quantity: 3, bundle: null }], off: { price: { price: '50000 IDR' } } },
  { effect: 'bundle', parts: [{ target: {}, quantity: 2, bundle: null }], off: { price: { price: '1 IDR' } } },
  {
    effect: 'bundle',
    parts: [
      { target: TEA, quantity: 1, bundle: null },
      { target: NONE, quantity: 2, bundle: 'p9' },
    ],
    off: { amount: { amount: '5000 IDR' } },
  },
  { effect: 'bundle', parts: [{ target: TEA, quantity: 2, bundle: null }], off: TENTH },
  { effect: 'free_item', free: TEA, quantity: 2 },
  { effect: 'free_item', free: { item_ids: ['i4'] }, quantity: 1 },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { percent: { rate_ppm: 50_000, cap: '9000 IDR' } } }] },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } }] },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { price: { price: '5000 IDR' } } }] },
  {
    effect: 'threshold',
    tiers: [
      { spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } },
      { spend: '200000 IDR', off: TENTH },
      { spend: '300000 IDR', off: { price: { price: '250000 IDR' } } },
    ],
  },
  { effect: 'order_percent', rate_ppm: 100_000, cap: '20000 IDR' },
  { effect: 'order_percent', rate_ppm: 100_000, cap: null },
];

/** What a later server may say, and what cannot be typed at this outlet. */
export const KEPT = [
  { effect: 'points', points: 5 },
  { effect: 'bundle', parts: [{ target: NONE, quantity: 2, bundle: null, optional: true }], off: TENTH },
  { effect: 'bundle', parts: [], off: TENTH },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { gift: { item_id: 'i1' } } }] },
  { effect: 'free_item', free: { ...TEA, brand_ids: ['b1'] }, quantity: 1 },
  { effect: 'amount', per_unit: '2000 VND' },
  { effect: 'order_percent', rate_ppm: 100_000, cap: '-1 IDR' },
];

/** A promotion as a campaign of the server brings it. */
export function read(promotion: object): Promotion {
  const campaign = {
    id: 'k1',
    name: 'K',
    state: 'draft',
    outlet_ids: [],
    starts_at: null,
    ends_at: null,
    created_at: 0,
    updated_at: 0,
    promotions: [promotion],
  };
  return readPart('campaigns', campaign).promotions[0]!;
}
