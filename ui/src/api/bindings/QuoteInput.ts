import type { TenderGiven } from "./TenderGiven";

export type QuoteInput = {
/**
 * The tenders so far; empty asks for what is due.
 */
tenders: Array<TenderGiven>,
};
