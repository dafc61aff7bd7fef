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
