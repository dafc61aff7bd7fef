export type Discount = { "percent": number } | { "amount": string };
