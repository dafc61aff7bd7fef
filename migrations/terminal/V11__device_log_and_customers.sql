-- What happened at the devices, for whoever looks for a fault; prints and card payments stand in tables of their own.
CREATE TABLE device_log (
    log_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the order in which it happened
    happened_at INTEGER NOT NULL, -- when, in milliseconds
    device_id TEXT NOT NULL,      -- the device, which may be gone
    kind TEXT NOT NULL,           -- printer, scale, scanner, display or card
    name TEXT NOT NULL,           -- what people here called it
    what TEXT NOT NULL,           -- set_up, changed, removed, well or unwell
    problem TEXT,                 -- unwell: the closed word
    detail TEXT                   -- the driver's own words, for the support
);
CREATE INDEX device_log_of_device ON device_log (device_id, log_no);

-- Whom a cart is for: what they may have of limits by customer stays at this till while they stand here.
ALTER TABLE carts ADD COLUMN customer_id TEXT; -- the customer; NULL is nobody known
CREATE INDEX carts_at_hand ON carts (customer_id) WHERE state IN ('open', 'held') AND customer_id IS NOT NULL;
