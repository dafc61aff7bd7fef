export type CashMovementKind = "paid_in" | "paid_out" | "pickup" | "loan";
