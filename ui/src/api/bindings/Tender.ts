import type { TenderKind } from "./TenderKind";

export type Tender = {
/**
 * The tender.
 */
tender_id: string,
/**
 * What it is.
 */
kind: TenderKind,
/**
 * What it settles of the order, cash rounding in it; all tenders sum to `total + cash_rounding`.
 */
amount: string,
/**
 * What was handed over; `given − amount` is the change, only for cash.
 */
given: string,
};
