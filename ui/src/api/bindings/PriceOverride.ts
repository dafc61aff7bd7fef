export type PriceOverride = {
/**
 * The price that stood before, None for an open price.
 */
from: string | null,
/**
 * Why.
 */
reason: string,
};
