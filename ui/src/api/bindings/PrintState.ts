export type PrintState = "waiting" | "printing" | "printed" | "unknown" | "expired" | "dropped";
