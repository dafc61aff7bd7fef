-- Customers whom the business knows, whom a sale was to, and limits of promotions that are counted by customer.

CREATE TABLE customers (
    tenant_id TEXT NOT NULL,                        -- the business
    customer_id TEXT NOT NULL,                      -- the customer, UUIDv7
    name TEXT NOT NULL,                             -- what they are called
    name_folded TEXT NOT NULL,                      -- the name without case and diacritics, for searching
    phone TEXT,                                     -- their telephone number in digits; NULL is none
    body TEXT NOT NULL,                             -- JSON of the customer as terminals get it
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, customer_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE UNIQUE INDEX customers_phone ON customers (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_by_time ON customers (tenant_id, updated_at, customer_id);

CREATE TABLE customer_codes (
    tenant_id TEXT NOT NULL,                        -- the business
    code TEXT NOT NULL,                             -- what a card says
    customer_id TEXT NOT NULL,                      -- whose it is
    PRIMARY KEY (tenant_id, code),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX customer_codes_by_customer ON customer_codes (tenant_id, customer_id);

CREATE TABLE customer_segments (
    tenant_id TEXT NOT NULL,                        -- the business
    segment TEXT NOT NULL,                          -- the segment or tier
    customer_id TEXT NOT NULL,                      -- who is in it
    PRIMARY KEY (tenant_id, segment, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX customer_segments_by_customer ON customer_segments (tenant_id, customer_id);

-- A projection as the rest of the order: the id stays when the customer is forgotten.
ALTER TABLE orders ADD COLUMN customer_id TEXT;     -- to whom; NULL is nobody whom the business knows
CREATE INDEX orders_by_customer ON orders (tenant_id, customer_id, occurred_at, order_id) WHERE customer_id IS NOT NULL;

CREATE TABLE promotion_allowances_by_customer (
    tenant_id TEXT NOT NULL,                        -- the business
    promotion_id TEXT NOT NULL,                     -- the promotion
    coupon TEXT NOT NULL,                           -- the code; empty is the promotion as a whole
    customer_id TEXT NOT NULL,                      -- the customer it is counted for; empty is everybody together
    terminal_id TEXT NOT NULL,                      -- the till that it was lent to
    period TEXT NOT NULL,                           -- the day of business for what is limited by the day; empty is for good
    lent BIGINT NOT NULL,                           -- how often it may apply it, in all
    spent BIGINT NOT NULL,                          -- how often it did
    PRIMARY KEY (tenant_id, promotion_id, coupon, customer_id, period, terminal_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
INSERT INTO promotion_allowances_by_customer
    (tenant_id, promotion_id, coupon, customer_id, terminal_id, period, lent, spent)
SELECT tenant_id, promotion_id, coupon, '', terminal_id, period, lent, spent FROM promotion_allowances;
DROP TABLE promotion_allowances;
ALTER TABLE promotion_allowances_by_customer RENAME TO promotion_allowances;
