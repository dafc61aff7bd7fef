import type { ApprovalInput } from "./ApprovalInput";
import type { CashMovementKind } from "./CashMovementKind";

export type MoveCashInput = {
/**
 * What it is.
 */
kind: CashMovementKind,
/**
 * How much.
 */
amount: string,
/**
 * Why.
 */
reason: string,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
