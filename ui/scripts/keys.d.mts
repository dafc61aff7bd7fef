export const FILES: readonly string[];
export function messagesOf(locale: string, files?: readonly string[]): Map<string, string[]>;
export function keysSource(): string;
