import type { TenderGiven } from "./TenderGiven";

export type PayInput = {
/**
 * The cart that is shown, so that a second tap cannot pay another one.
 */
cart_id: string,
/**
 * The total that is shown: refused when it is another one.
 */
total: string,
/**
 * The tenders.
 */
tenders: Array<TenderGiven>,
};
