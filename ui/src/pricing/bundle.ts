import * as v from 'valibot';
import type { Writing } from '../app/figures';
import { promotionsOf, type Part, type Promotion } from './parts';
import { blankTarget, NO_GOODS, TARGET, targetFormOf, targetOf, type TargetForm } from './target';
import { typedCount } from './written';

/** A part of a bundle as typed: so many of some goods, or of another bundle. */
export interface BundlePartForm {
  quantity: string;
  of: 'goods' | 'bundle';
  target: TargetForm;
  /** The other bundle. */
  bundle: string;
}

export const BUNDLE_PARTS = v.pipe(
  v.array(
    v.strictObject({
      target: v.optional(TARGET, {}),
      quantity: v.number(),
      bundle: v.optional(v.nullable(v.string()), null),
    }),
  ),
  v.minLength(1),
);

export type BundlePart = v.InferOutput<typeof BUNDLE_PARTS>[number];

export function blankPart(): BundlePartForm {
  return { quantity: '1', of: 'goods', target: blankTarget(), bundle: '' };
}

export function partFormOf({ target, quantity, bundle }: BundlePart): BundlePartForm {
  return {
    quantity: String(quantity),
    of: bundle === null ? 'goods' : 'bundle',
    target: bundle === null ? targetFormOf(target) : blankTarget(),
    bundle: bundle ?? '',
  };
}

function partOf(form: BundlePartForm, writing: Writing): BundlePart | null {
  const quantity = typedCount(form.quantity, writing.locale);
  const target = form.of === 'goods' ? targetOf(form.target) : { ...NO_GOODS };
  const bundle = form.of === 'bundle' ? form.bundle : null;
  return quantity === null || target === null || bundle === '' ? null : { target, quantity, bundle };
}

/** The parts as they are sent; null while one is not whole, or there is none. */
export function partsOf(forms: readonly BundlePartForm[], writing: Writing): BundlePart[] | null {
  const parts = forms.map((form) => partOf(form, writing));
  return parts.length > 0 && parts.every((part) => part !== null) ? parts : null;
}

/** A bundle that the server has: one that is not saved yet cannot be in another. */
export interface Bundle {
  id: string;
  name: string;
  /** The bundles in it. */
  holds: readonly string[];
}

function bundleOf(promotion: Promotion): Bundle | null {
  const id = promotion.promotion_id;
  if (promotion.effect !== 'bundle' || id === undefined) return null;
  const read = v.safeParse(BUNDLE_PARTS, promotion['parts']);
  const parts = read.success ? read.output : [];
  return { id, name: promotion.name, holds: parts.flatMap(({ bundle }) => bundle ?? []) };
}

/** The bundles of all campaigns among the parts. */
export function bundlesIn(parts: readonly Part[]): Bundle[] {
  return parts.flatMap(promotionsOf).flatMap((promotion) => bundleOf(promotion) ?? []);
}

/** The bundles that may be in one: neither itself nor one that holds it, at whatever depth. */
export function mayHold(id: string | undefined, bundles: readonly Bundle[]): Bundle[] {
  const holding = new Set(id === undefined ? [] : [id]);
  for (let before = -1; before !== holding.size;) {
    before = holding.size;
    for (const bundle of bundles) {
      if (bundle.holds.some((inner) => holding.has(inner))) holding.add(bundle.id);
    }
  }
  return bundles.filter((bundle) => !holding.has(bundle.id));
}
