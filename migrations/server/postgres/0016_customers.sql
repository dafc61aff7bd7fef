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

ALTER TABLE promotion_allowances ADD COLUMN customer_id TEXT NOT NULL DEFAULT ''; -- the customer it is counted for; empty is everybody together
ALTER TABLE promotion_allowances ALTER COLUMN customer_id DROP DEFAULT;
ALTER TABLE promotion_allowances DROP CONSTRAINT promotion_allowances_pkey;
ALTER TABLE promotion_allowances
    ADD PRIMARY KEY (tenant_id, promotion_id, coupon, customer_id, period, terminal_id);

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON customers
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE customer_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON customer_codes
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE customer_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_segments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON customer_segments
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
