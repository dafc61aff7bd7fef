import type { Exemption } from '../api/bindings/Exemption';

/** Why a customer pays no tax; `collected` is no exemption. */
export const TREATMENTS = ['exempt', 'reverse_charge', 'zero_rated'] as const;

export type ExemptTreatment = (typeof TREATMENTS)[number];

/** The words with one taken in, or out when it stood there. */
export function switched<T>(words: readonly T[], word: T): T[] {
  return words.includes(word) ? words.filter((other) => other !== word) : [...words, word];
}

/** The exemption that a form asks for: from the taxes that it was from before, else from all; null without a reason. */
export function exempted(before: Exemption | null, treatment: ExemptTreatment, reason: string): Exemption | null {
  const said = reason.trim();
  return said === '' ? null : { tax_ids: before?.tax_ids ?? [], treatment, reason: said };
}
