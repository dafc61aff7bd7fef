-- What promotions took off sales, for the report of them.

CREATE TABLE order_promotions (
    tenant_id TEXT NOT NULL,                        -- the business
    order_id TEXT NOT NULL,                         -- the order
    promotion_id TEXT NOT NULL,                     -- the promotion
    coupon TEXT NOT NULL,                           -- the code that unlocked it; empty is none
    name TEXT NOT NULL,                             -- its name at the time
    times BIGINT NOT NULL,                          -- how often it was applied
    amount BIGINT NOT NULL,                         -- what it took off, minor units
    PRIMARY KEY (tenant_id, order_id, promotion_id, coupon)
);

ALTER TABLE order_promotions ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_promotions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON order_promotions
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
