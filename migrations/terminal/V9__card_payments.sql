-- Card readers at the counter, and what they were asked to take and to give back.
ALTER TABLE counter_devices ADD COLUMN reader TEXT;         -- what its provider calls the reader
ALTER TABLE counter_devices ADD COLUMN secret TEXT;         -- the password, passphrase or key that it wants
ALTER TABLE counter_devices ADD COLUMN key_name TEXT;       -- the name of a shared key
ALTER TABLE counter_devices ADD COLUMN key_version INTEGER; -- its version

CREATE TABLE card_payments (
    payment_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the order in which they were asked for
    card_payment_id TEXT NOT NULL UNIQUE, -- the name that reader and provider know it by
    counter_device_id TEXT NOT NULL,      -- the reader
    reader_name TEXT NOT NULL,            -- what people here called it
    kind TEXT NOT NULL,                   -- payment or refund
    cart_id TEXT,                         -- a payment: what it was taken for
    order_id TEXT,                        -- a payment: the sale it is counted in; a refund: the order given back
    refund_id TEXT,                       -- a refund: of goods
    reverses TEXT,                        -- a refund: of a payment that became no sale
    replaced_by TEXT,                     -- a refund that was refused: the one that was tried after it
    of_reference TEXT,                    -- a refund: what the provider calls the payment
    amount INTEGER NOT NULL,              -- what was asked for, in minor units
    currency TEXT NOT NULL,               -- of the amounts
    digits INTEGER NOT NULL,              -- decimals of these minor units
    state TEXT NOT NULL,                  -- asked, told, approved, refused or unknown
    done INTEGER NOT NULL,                -- 1 when nothing is left to do: counted, given back, refused or tried anew
    why TEXT,                             -- refused: the closed word
    detail TEXT,                          -- the reader's own words, for the support
    memory TEXT,                          -- what the reader must be reminded of when it is asked again
    approved INTEGER,                     -- what was approved, in minor units
    approval TEXT,                        -- what the reader said with it, as JSON
    started_at INTEGER NOT NULL,          -- when it was asked for, in milliseconds
    settled_at INTEGER,                   -- when it was settled
    staff_id TEXT NOT NULL,               -- who asked for it
    staff_name TEXT NOT NULL,             -- their name
    settled_by TEXT,                      -- who said how it stands, when the reader could not
    settled_reason TEXT                   -- why they know
);
-- What still needs somebody, and what is looked up for a sale.
CREATE INDEX card_payments_open ON card_payments (payment_no) WHERE done = 0;
CREATE INDEX card_payments_of_cart ON card_payments (cart_id) WHERE cart_id IS NOT NULL;
CREATE INDEX card_payments_of_refund ON card_payments (refund_id) WHERE refund_id IS NOT NULL;
