import type { ApprovalInput } from "./ApprovalInput";

export type AddItemInput = {
/**
 * The item.
 */
item_id: string,
/**
 * Its variant.
 */
variant_id: string | null,
/**
 * The choices; one that is taken twice stands twice.
 */
modifiers: Array<string>,
/**
 * How many; one unless given.
 */
quantity: string | null,
/**
 * The price for an item of open price, or one that replaces its own (needs the permission or `approval`).
 */
price: string | null,
/**
 * Why the price is replaced.
 */
price_reason: string | null,
/**
 * Stand on a line of its own even when an equal line is there.
 */
separate: boolean,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
