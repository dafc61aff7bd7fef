export type StockReason = "received" | "counted" | "wasted" | "transferred";
