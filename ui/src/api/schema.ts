import * as v from 'valibot';
import type { AppState } from './bindings/AppState';
import type { AppliedPromotion } from './bindings/AppliedPromotion';
import type { CartView } from './bindings/CartView';
import type { Changed } from './bindings/Changed';
import type { Channel } from './bindings/Channel';
import type { Code } from './bindings/Code';
import type { CommandErrorView } from './bindings/CommandErrorView';
import type { Permission } from './bindings/Permission';
import type { Treatment } from './bindings/Treatment';
import type { Why } from './bindings/Why';
import { WORDS } from './bindings/words';

/** What is read here is the ground everything else stands on: state, cart, errors and events are checked field by field. */
type SchemaOf<T> = v.GenericSchema<unknown, T>;

const text = v.string();
const number = v.number();
export const money = v.pipe(v.string(), v.regex(/^-?\d+ [A-Z]{3}$/, 'money is "<minor units> <currency>"'));
const decimal = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/, 'a decimal number as text'));
const maybe = <T>(schema: SchemaOf<T>) => v.nullable(schema);

const CODES = [
  'invalid',
  'not_found',
  'unknown_code',
  'choice_needed',
  'not_signed_in',
  'pin_wrong',
  'pin_locked',
  'approval_needed',
  'not_allowed',
  'drawer_closed',
  'drawer_open',
  'cart_empty',
  'cart_changed',
  'tender_missing',
  'tender_overpaid',
  'card_busy',
  'card_unsettled',
  'refund_too_much',
  'out_of_range',
  'disk_full',
  'store_failed',
  'no_printer',
  'server_unreachable',
  'server_untrusted',
  'server_garbled',
  'pairing_invalid',
  'protocol_unsupported',
  'already_enrolled',
  'not_enrolled',
  'unknown_command',
  'internal',
] as const satisfies readonly Code[];

const PERMISSIONS = [
  'sell',
  'discount',
  'price_override',
  'void_cart',
  'refund',
  'refund_without_receipt',
  'drawer_session',
  'cash_movement',
  'no_sale',
  'stock_movement',
  'back_office',
  'edit_items',
  'edit_business',
] as const satisfies readonly Permission[];

/** Every door, the counter first. */
export const CHANNELS = [
  'counter',
  'table',
  'take_away',
  'self_order',
  'delivery',
] as const satisfies readonly Channel[];

const TREATMENTS = ['collected', 'zero_rated', 'exempt', 'reverse_charge'] as const satisfies readonly Treatment[];

const WHYS = [
  'percent',
  'amount',
  'fixed_price',
  'buy_get',
  'bundle',
  'threshold',
  'free_item',
  'order_percent',
] as const satisfies readonly Why[];

/** Fails to compile when the engine has a word that the list above misses. */
type Missing<All extends string, Listed extends string> = Exclude<All, Listed> extends never ? true : never;
export const EVERY_CODE_IS_LISTED: Missing<Code, (typeof CODES)[number]> = true;
export const EVERY_PERMISSION_IS_LISTED: Missing<Permission, (typeof PERMISSIONS)[number]> = true;
export const EVERY_CHANNEL_IS_LISTED: Missing<Channel, (typeof CHANNELS)[number]> = true;
export const EVERY_TREATMENT_IS_LISTED: Missing<Treatment, (typeof TREATMENTS)[number]> = true;
export const EVERY_WHY_IS_LISTED: Missing<Why, (typeof WHYS)[number]> = true;
export const ALL_CODES: readonly Code[] = CODES;

const permission = v.picklist(PERMISSIONS);

export const errorSchema: SchemaOf<CommandErrorView> = v.object({
  code: v.picklist(CODES),
  message: text,
  details: v.object({
    retry_at: v.optional(maybe(number), null),
    permission: v.optional(maybe(permission), null),
    reason: v.optional(maybe(text), null),
    subject: v.optional(maybe(text), null),
  }),
});

export const changedSchema = v.object({ what: v.array(v.picklist(WORDS)) }) satisfies SchemaOf<Changed>;

const discount = v.union([v.object({ percent: number }), v.object({ amount: money })]);

const applied: SchemaOf<AppliedPromotion> = v.object({
  promotion_id: text,
  name: text,
  why: v.picklist(WHYS),
  amount: money,
  pieces: v.exactOptional(number),
  coupon: v.exactOptional(text),
});

const terms = v.object({
  channel: v.picklist(CHANNELS),
  customer_id: maybe(text),
  segments: v.array(text),
  exemption: maybe(v.object({ tax_ids: v.array(text), treatment: v.picklist(TREATMENTS), reason: text })),
  coupons: v.array(text),
});

export const cartSchema: SchemaOf<CartView> = v.object({
  cart_id: maybe(text),
  lines: v.array(
    v.object({
      line_id: text,
      item_id: text,
      name: text,
      modifiers: v.array(v.object({ modifier_id: text, name: text, unit_price: decimal })),
      quantity: decimal,
      unit: v.picklist(['piece', 'kilogram']),
      unit_price: money,
      listed: maybe(text),
      overridden: v.boolean(),
      gross: money,
      line_discount: money,
      promotions: v.array(applied),
      amount: money,
      discount: maybe(discount),
      note: maybe(text),
    }),
  ),
  last_line_id: maybe(text),
  item_count: number,
  subtotal: maybe(money),
  discount_total: maybe(money),
  service_charge: maybe(money),
  taxes: v.array(
    v.object({ tax_id: text, name: text, rate_ppm: number, included: v.boolean(), base: money, amount: money }),
  ),
  total: maybe(money),
  order_discount: maybe(discount),
  note: maybe(text),
  terms,
  customer: maybe(v.object({ customer_id: text, name: maybe(text) })),
  offers: v.object({
    channels: v.array(v.picklist(CHANNELS)),
    segments: v.array(text),
    coupons: v.boolean(),
    customers: v.boolean(),
  }),
  withheld: v.array(v.object({ name: text, why: v.picklist(['used_up', 'needs_customer', 'outdone']) })),
  idle_coupons: v.array(text),
  can_undo: v.boolean(),
  held_count: number,
});

const staff = v.object({
  staff_id: text,
  name: text,
  role: v.picklist(['kitchen', 'cashier', 'manager', 'admin', 'owner']),
});

export const appStateSchema: SchemaOf<AppState> = v.object({
  stage: v.picklist(['needs_rescue', 'needs_enrolment', 'loading', 'signed_out', 'signed_in']),
  version: text,
  outlet: maybe(
    v.object({
      outlet_id: text,
      name: text,
      tenant_name: text,
      code: text,
      currency: text,
      digits: number,
      locale: text,
      zone: text,
      notes: v.array(money),
      tenders: v.array(v.picklist(['cash', 'card', 'qris', 'viet_qr'])),
    }),
  ),
  terminal: maybe(v.object({ terminal_id: text, name: text, server_url: text })),
  staff: maybe(staff),
  permissions: v.array(permission),
  drawer: maybe(v.object({ drawer_session_id: text, opened_at: number, staff_name: text, business_date: text })),
  cart: cartSchema,
  sync: v.object({
    link: v.picklist(['online', 'offline']),
    waiting: number,
    oldest_at: maybe(number),
    last_ok_at: maybe(number),
    error: maybe(text),
    error_detail: maybe(text),
    last_seq: number,
    acked_seq: number,
    clock_off_ms: maybe(number),
    notices: v.array(v.object({ code: text, subject: text, occurred_at: number })),
  }),
  printing: v.object({
    configured: v.boolean(),
    waiting: number,
    unknown: number,
    error: maybe(text),
    printer: maybe(text),
    drawer_open_since: maybe(number),
  }),
  settings: v.object({
    locale: maybe(text),
    theme: text,
    scale_percent: number,
    mirrored: v.boolean(),
    printer: maybe(text),
    scan_gap_ms: number,
  }),
  loading: maybe(v.object({ done: number, total: number })),
  rescue: maybe(v.object({ found: text, terminal: text, folder: text })),
});
