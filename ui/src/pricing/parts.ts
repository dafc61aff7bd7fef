import * as v from 'valibot';
import { CHANNELS } from '../api/schema';

/**
 * What headquarters states about prices, as `pricing.ask` answers it. Every object is kept whole: a field that these screens
 * do not know goes back to the server as it came.
 */

const text = v.string();
const number = v.number();
const ids = v.optional(v.array(text), []);
const maybeNumber = v.optional(v.nullable(number), null);
const span = v.optional(v.nullable(v.tuple([number, number])), null);
const channels = v.optional(v.array(v.picklist(CHANNELS)), []);

/** The kinds of parts, as in the paths of the API. */
export const KINDS = ['campaigns', 'pricing-rules', 'taxes', 'price-books'] as const;
export type Kind = (typeof KINDS)[number];

export const STATES = ['draft', 'scheduled', 'active', 'ended', 'inactive'] as const;

const schedule = v.looseObject({
  from: maybeNumber,
  until: maybeNumber,
  weekdays: v.optional(v.array(number), []),
  minutes: span,
  season: span,
});

const target = v.looseObject({ item_ids: ids, category_ids: ids, except_item_ids: ids });

const limits = v.looseObject({
  per_order: maybeNumber,
  per_customer: maybeNumber,
  per_day: maybeNumber,
  in_all: maybeNumber,
});

const promotion = v.looseObject({
  promotion_id: v.optional(text),
  name: text,
  schedule: v.optional(schedule, {}),
  channels,
  segments: ids,
  coupons: v.optional(v.array(v.looseObject({ code: text, uses: maybeNumber })), []),
  target: v.optional(target, {}),
  min_spend: v.optional(v.nullable(text), null),
  effect: text,
  priority: v.optional(number, 0),
  group: v.optional(v.nullable(text), null),
  exclusive: v.optional(v.boolean(), false),
  limits: v.optional(limits, {}),
});

const common = {
  id: text,
  name: text,
  state: v.picklist(STATES),
  outlet_ids: ids,
  starts_at: maybeNumber,
  ends_at: maybeNumber,
  updated_at: number,
};

const campaign = v.looseObject({ ...common, promotions: v.array(promotion) });

const tax = v.looseObject({
  ...common,
  kind: text,
  tax_id: text,
  rate_ppm: v.optional(number),
  included: v.optional(v.boolean(), false),
  channels,
});

const listPrice = v.looseObject({
  item_id: text,
  variant_id: v.optional(v.nullable(text), null),
  from_quantity: v.optional(text, '0'),
  unit_price: text,
});

const priceList = v.looseObject({
  ...common,
  segments: ids,
  channels,
  schedule: v.optional(schedule, {}),
  priority: v.optional(number, 0),
  prices: v.array(listPrice),
});

export const ROUNDINGS = ['half_up', 'half_even', 'up', 'down'] as const;
export const TAX_ROUNDINGS = ['line', 'order'] as const;
export const TIMINGS = ['before_tax', 'after_tax'] as const;

const settings = {
  rounding: v.optional(text, 'half_up'),
  tax_rounding: v.optional(v.picklist(TAX_ROUNDINGS), 'line'),
  discount_timing: v.optional(v.picklist(TIMINGS), 'before_tax'),
  service_charge: v.optional(v.nullable(v.looseObject({ rate_ppm: number })), null),
  cash_rounding: v.optional(v.nullable(v.looseObject({ increment: number, mode: v.picklist(ROUNDINGS) })), null),
};

const priceBook = v.looseObject({ ...common, ...settings });

const knownTax = v.looseObject({ tax_id: text, name: text, included: v.optional(v.boolean(), false) });
const book = v.looseObject({ ...settings, taxes: v.optional(v.array(knownTax), []) });
const versions = v.looseObject({ versions: v.array(v.looseObject({ state: text, book })) });

export type Schedule = v.InferOutput<typeof schedule>;
export type Promotion = v.InferOutput<typeof promotion>;
export type ListPrice = v.InferOutput<typeof listPrice>;
export type Campaign = v.InferOutput<typeof campaign>;
export type Tax = v.InferOutput<typeof tax>;
export type PriceList = v.InferOutput<typeof priceList>;
export type PriceBook = v.InferOutput<typeof priceBook>;
export type Part = Campaign | Tax | PriceList | PriceBook;
/** The outlet's book of now: what a part that replaces something begins with. */
export type Book = v.InferOutput<typeof book>;

/** The part of each kind. */
export interface PartOf {
  campaigns: Campaign;
  taxes: Tax;
  'pricing-rules': PriceList;
  'price-books': PriceBook;
}

const SCHEMAS: { [K in Kind]: v.GenericSchema<unknown, PartOf[K]> } = {
  campaigns: campaign,
  taxes: tax,
  'pricing-rules': priceList,
  'price-books': priceBook,
};

/** Reads a part; throws when it is none of the kind. */
export function readPart<K extends Kind>(kind: K, body: unknown): PartOf[K] {
  return v.parse(SCHEMAS[kind] as v.GenericSchema<unknown, PartOf[Kind]>, body) as PartOf[K];
}

/** Reads the answer to `list`. */
export function readParts<K extends Kind>(kind: K, body: unknown): PartOf[K][] {
  return v.parse(v.object({ parts: v.array(v.unknown()) }), body).parts.map((part) => readPart(kind, part));
}

/** The promotions of a campaign; a part of another kind has none. */
export function promotionsOf(part: Part): readonly Promotion[] {
  return 'promotions' in part ? (part as Campaign).promotions : [];
}

/** The groups of customers that the promotions of a campaign name, each once. */
export function segmentsOf(part: Part): string[] {
  return [...new Set(promotionsOf(part).flatMap(({ segments }) => segments))];
}

/** The book in force now; null while no version was ever made. */
export function readPresent(body: unknown): Book | null {
  return v.parse(versions, body).versions.find((version) => version.state === 'present')?.book ?? null;
}

const money = v.array(text);

const trial = v.object({
  names: v.array(text),
  order: v.object({
    lines: v.array(
      v.object({
        line_discount: text,
        gross: text,
        promotions: v.optional(v.array(v.object({ name: text, amount: text })), []),
        listed: v.optional(v.nullable(v.object({ name: text, unit_price: text })), null),
      }),
    ),
    discount_total: text,
    service_charge: text,
    tax_total: text,
    total: text,
  }),
  withheld: v.array(v.object({ name: text, why: v.picklist(['used_up', 'needs_customer', 'outdone']) })),
  idle_coupons: v.array(text),
});

const cost = v.object({
  orders: number,
  touched: number,
  unknown: number,
  cut: v.boolean(),
  takings: money,
  cost: money,
  promotions: v.array(v.object({ name: text, times: number, amount: money })),
  days: v.array(v.object({ date: text, orders: number, cost: money })),
});

export type Trial = v.InferOutput<typeof trial>;
export type Cost = v.InferOutput<typeof cost>;

export const readTrial = (body: unknown): Trial => v.parse(trial, body);
export const readCost = (body: unknown): Cost => v.parse(cost, body);
