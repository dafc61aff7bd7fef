export type Role = "kitchen" | "cashier" | "manager" | "admin" | "owner";
