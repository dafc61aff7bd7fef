export type TenderKind = "cash" | "card" | "qris" | "viet_qr";
