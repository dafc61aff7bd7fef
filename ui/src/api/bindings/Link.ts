export type Link = "online" | "offline";
