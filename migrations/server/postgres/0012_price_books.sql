-- Price books: what headquarters states in parts, the versions that the server makes of them for each outlet, and what
-- items cost before.

CREATE TABLE pricing_parts (
    tenant_id TEXT NOT NULL,                        -- the business
    part_id TEXT NOT NULL,                          -- the part, UUIDv7
    kind TEXT NOT NULL,                             -- tax, campaign, pricing_rule or price_book
    name TEXT NOT NULL,                             -- its name for people
    state TEXT NOT NULL,                            -- draft, active or inactive
    outlet_ids TEXT NOT NULL,                       -- JSON: the outlets it is for; none named is all
    starts_at BIGINT,                               -- in force from here on, milliseconds UTC; NULL is at once
    ends_at BIGINT,                                 -- in force up to here; NULL is for good
    content TEXT NOT NULL,                          -- JSON of what it states
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, part_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX pricing_parts_by_kind ON pricing_parts (tenant_id, kind, state);
CREATE INDEX pricing_parts_beginning ON pricing_parts (starts_at) WHERE state = 'active';
CREATE INDEX pricing_parts_ending ON pricing_parts (ends_at) WHERE state = 'active';

CREATE TABLE price_books (
    tenant_id TEXT NOT NULL,                        -- the business
    outlet_id TEXT NOT NULL,                        -- the outlet
    version BIGINT NOT NULL,                        -- counted up with every version of the outlet
    server_epoch TEXT NOT NULL,                     -- the life of the server that made it
    valid_from BIGINT NOT NULL,                     -- in force from here on, milliseconds UTC
    withdrawn BIGINT NOT NULL,                      -- 1: another one was made before it came into force
    body TEXT NOT NULL,                             -- JSON of the book as terminals get it
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    PRIMARY KEY (tenant_id, outlet_id, version),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE item_prices (
    tenant_id TEXT NOT NULL,                        -- the business
    item_id TEXT NOT NULL,                          -- the item
    variant_id TEXT NOT NULL,                       -- its variant; empty is the item itself
    held_until BIGINT NOT NULL,                     -- up to here it cost this, milliseconds UTC
    unit_price BIGINT,                              -- 1/10,000 of the major unit; NULL was asked at the till
    asked_at BIGINT,                                -- from here on a till sold at the price after it already, having asked for it
    PRIMARY KEY (tenant_id, item_id, variant_id, held_until),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX item_prices_by_moment ON item_prices (tenant_id, held_until);

CREATE TABLE promotion_allowances (
    tenant_id TEXT NOT NULL,                        -- the business
    promotion_id TEXT NOT NULL,                     -- the promotion
    coupon TEXT NOT NULL,                           -- the code; empty is the promotion as a whole
    terminal_id TEXT NOT NULL,                      -- the till that it was lent to
    period TEXT NOT NULL,                           -- the day of business for what is limited by the day; empty is for good
    lent BIGINT NOT NULL,                           -- how often it may apply it, in all
    spent BIGINT NOT NULL,                          -- how often it did
    PRIMARY KEY (tenant_id, promotion_id, coupon, period, terminal_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

ALTER TABLE pricing_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE pricing_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON pricing_parts
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE price_books ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_books FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON price_books
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE item_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE item_prices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON item_prices
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE promotion_allowances ENABLE ROW LEVEL SECURITY;
ALTER TABLE promotion_allowances FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON promotion_allowances
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
