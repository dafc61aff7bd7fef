import type { TenderKind } from "./TenderKind";

export type TenderTotal = {
/**
 * The means.
 */
kind: TenderKind,
/**
 * Taken by sales.
 */
sales: string,
/**
 * Given back by refunds (not negative).
 */
refunds: string,
/**
 * How many tenders.
 */
count: number,
};
