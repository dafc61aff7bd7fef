export type Unit = "piece" | "kilogram";
