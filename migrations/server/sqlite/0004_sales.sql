-- Projections of the journal: orders, refunds, drawers and stock. All of it can be rebuilt from journal_events.
-- Lines, tenders and taxes are written in one transaction with their order by one function; a foreign key on them would be
-- looked up once per line, which is the most frequent write of all.

CREATE TABLE orders (
    tenant_id TEXT NOT NULL,                        -- the business
    order_id TEXT NOT NULL,                         -- the order, UUIDv7
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    epoch BIGINT NOT NULL,                          -- the life of the journal of its event
    seq BIGINT NOT NULL,                            -- the place of its event
    cart_id TEXT NOT NULL,                          -- the cart it was
    receipt_number TEXT NOT NULL,                   -- gapless per terminal
    drawer_session_id TEXT NOT NULL,                -- the drawer session
    staff_id TEXT NOT NULL,                         -- by whom
    staff_name TEXT NOT NULL,                       -- their name at the time
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    currency TEXT NOT NULL,                         -- ISO 4217 code of every figure
    digits BIGINT NOT NULL,                         -- decimals of its minor unit
    line_count BIGINT NOT NULL,                     -- how many lines
    subtotal BIGINT NOT NULL,                       -- sum of the lines' gross, minor units
    discount_total BIGINT NOT NULL,                 -- all discounts, minor units
    service_charge BIGINT NOT NULL,                 -- the service charge, minor units
    tax_total BIGINT NOT NULL,                      -- all taxes, included ones too, minor units
    total BIGINT NOT NULL,                          -- due before cash rounding, minor units
    cash_rounding BIGINT NOT NULL,                  -- rounding of the cash part, minor units
    change_due BIGINT NOT NULL,                     -- given back in cash, minor units
    note TEXT,                                      -- a note on the order
    PRIMARY KEY (tenant_id, order_id)
);
CREATE INDEX orders_by_time ON orders (tenant_id, occurred_at, order_id);
CREATE INDEX orders_by_date ON orders (tenant_id, business_date, outlet_id);
CREATE INDEX orders_by_drawer ON orders (tenant_id, drawer_session_id);
CREATE INDEX orders_by_receipt ON orders (tenant_id, receipt_number);

CREATE TABLE order_lines (
    tenant_id TEXT NOT NULL,                        -- the business
    order_id TEXT NOT NULL,                         -- the order
    line_number BIGINT NOT NULL,                    -- its place, from 1
    line_id TEXT NOT NULL,                          -- the line, UUIDv7
    item_id TEXT NOT NULL,                          -- what was sold
    variant_id TEXT,                                -- its variant
    sku TEXT NOT NULL,                              -- the business's code at the time
    name TEXT NOT NULL,                             -- the name at the time
    category_id TEXT,                               -- the shelf at the time
    unit_price BIGINT NOT NULL,                     -- 1/10,000 of the major unit
    quantity BIGINT NOT NULL,                       -- thousandths
    gross BIGINT NOT NULL,                          -- unit price by quantity, minor units
    discount BIGINT NOT NULL,                       -- its own and its share of the order's, minor units
    tax BIGINT NOT NULL,                            -- its share of all taxes of the order, minor units
    share BIGINT NOT NULL,                          -- its share of the order's total, minor units
    PRIMARY KEY (tenant_id, order_id, line_number)
);

CREATE TABLE order_tenders (
    tenant_id TEXT NOT NULL,                        -- the business
    order_id TEXT NOT NULL,                         -- the order
    tender_number BIGINT NOT NULL,                  -- its place, from 1
    tender_id TEXT NOT NULL,                        -- the tender, UUIDv7
    kind TEXT NOT NULL,                             -- cash, card, qris or viet_qr
    amount BIGINT NOT NULL,                         -- what it settles, minor units
    given BIGINT NOT NULL,                          -- what was handed over, minor units
    PRIMARY KEY (tenant_id, order_id, tender_number)
);

CREATE TABLE order_taxes (
    tenant_id TEXT NOT NULL,                        -- the business
    order_id TEXT NOT NULL,                         -- the order
    tax_id TEXT NOT NULL,                           -- the tax
    name TEXT NOT NULL,                             -- its name at the time
    rate_ppm BIGINT NOT NULL,                       -- its rate, parts per million
    included BIGINT NOT NULL,                       -- 1: inside the prices
    base BIGINT NOT NULL,                           -- what it is computed on, minor units
    amount BIGINT NOT NULL,                         -- the tax, minor units
    PRIMARY KEY (tenant_id, order_id, tax_id)
);

CREATE TABLE voided_carts (
    tenant_id TEXT NOT NULL,                        -- the business
    cart_id TEXT NOT NULL,                          -- the cart, UUIDv7
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    staff_id TEXT NOT NULL,                         -- by whom
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    reason TEXT NOT NULL,                           -- why
    currency TEXT NOT NULL,                         -- ISO 4217 code
    total BIGINT NOT NULL,                          -- what it would have come to, minor units
    PRIMARY KEY (tenant_id, cart_id)
);

CREATE TABLE refunds (
    tenant_id TEXT NOT NULL,                        -- the business
    refund_id TEXT NOT NULL,                        -- the refund, UUIDv7
    order_id TEXT,                                  -- the order it belongs to; NULL without a receipt
    order_receipt_number TEXT,                      -- that order's receipt number
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    epoch BIGINT NOT NULL,                          -- the life of the journal of its event
    seq BIGINT NOT NULL,                            -- the place of its event
    receipt_number TEXT NOT NULL,                   -- gapless per terminal
    drawer_session_id TEXT NOT NULL,                -- the drawer session
    staff_id TEXT NOT NULL,                         -- by whom
    staff_name TEXT NOT NULL,                       -- their name at the time
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    currency TEXT NOT NULL,                         -- ISO 4217 code of every figure
    digits BIGINT NOT NULL,                         -- decimals of its minor unit
    total BIGINT NOT NULL,                          -- the sum of its lines, minor units
    tax_total BIGINT NOT NULL,                      -- the taxes in it, minor units
    cash_rounding BIGINT NOT NULL,                  -- rounding of what is given back in cash, minor units
    tender TEXT NOT NULL,                           -- by which means it is given back
    amount BIGINT NOT NULL,                         -- what is given back, minor units
    reason TEXT NOT NULL,                           -- why
    PRIMARY KEY (tenant_id, refund_id)
);
CREATE INDEX refunds_by_time ON refunds (tenant_id, occurred_at, refund_id);
CREATE INDEX refunds_by_date ON refunds (tenant_id, business_date, outlet_id);
CREATE INDEX refunds_by_drawer ON refunds (tenant_id, drawer_session_id);
CREATE INDEX refunds_by_order ON refunds (tenant_id, order_id);

CREATE TABLE refund_lines (
    tenant_id TEXT NOT NULL,                        -- the business
    refund_id TEXT NOT NULL,                        -- the refund
    line_number BIGINT NOT NULL,                    -- its place, from 1
    line_id TEXT NOT NULL,                          -- the line of the order
    item_id TEXT NOT NULL,                          -- what came back
    variant_id TEXT,                                -- its variant
    sku TEXT NOT NULL,                              -- the business's code at the time
    name TEXT NOT NULL,                             -- the name at the time
    unit_price BIGINT NOT NULL,                     -- 1/10,000 of the major unit
    quantity BIGINT NOT NULL,                       -- thousandths
    amount BIGINT NOT NULL,                         -- the money given back, minor units
    tax BIGINT NOT NULL,                            -- the taxes in it, minor units
    restock BIGINT NOT NULL,                        -- 1: the goods go back on the shelf
    PRIMARY KEY (tenant_id, refund_id, line_number)
);

CREATE TABLE drawer_sessions (
    tenant_id TEXT NOT NULL,                        -- the business
    drawer_session_id TEXT NOT NULL,                -- the session, UUIDv7
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    staff_name TEXT NOT NULL,                       -- who opened it
    opened_at BIGINT NOT NULL,                      -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business it was opened on, YYYY-MM-DD
    currency TEXT NOT NULL,                         -- ISO 4217 code of every figure
    opening_float BIGINT NOT NULL,                  -- what was in it, minor units
    closed_at BIGINT,                               -- when it was counted, milliseconds UTC; NULL while it is open
    z_number BIGINT,                                -- gapless per terminal
    expected_cash BIGINT,                           -- what should have been in it, minor units
    counted_cash BIGINT,                            -- what was in it, minor units
    difference BIGINT,                              -- counted less expected, minor units
    closed_body TEXT,                               -- JSON of the Z report with its count
    PRIMARY KEY (tenant_id, drawer_session_id)
);
CREATE INDEX drawer_sessions_by_time ON drawer_sessions (tenant_id, opened_at, drawer_session_id);

CREATE TABLE cash_movements (
    tenant_id TEXT NOT NULL,                        -- the business
    cash_movement_id TEXT NOT NULL,                 -- the movement, UUIDv7
    drawer_session_id TEXT NOT NULL,                -- the drawer session
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    kind TEXT NOT NULL,                             -- paid_in, paid_out, pickup or loan
    currency TEXT NOT NULL,                         -- ISO 4217 code
    amount BIGINT NOT NULL,                         -- how much, minor units
    reason TEXT NOT NULL,                           -- why
    staff_id TEXT NOT NULL,                         -- by whom
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    PRIMARY KEY (tenant_id, cash_movement_id)
);
CREATE INDEX cash_movements_by_session ON cash_movements (tenant_id, drawer_session_id);

CREATE TABLE stock_documents (
    tenant_id TEXT NOT NULL,                        -- the business
    stock_movement_id TEXT NOT NULL,                -- the movement that is no sale or refund, UUIDv7
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    epoch BIGINT NOT NULL,                          -- the life of the journal of its event
    seq BIGINT NOT NULL,                            -- the place of its event
    reason TEXT NOT NULL,                           -- received, counted, wasted or transferred
    note TEXT NOT NULL,                             -- a word on it
    staff_id TEXT,                                  -- by whom
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    PRIMARY KEY (tenant_id, stock_movement_id)
);
CREATE INDEX stock_documents_by_time ON stock_documents (tenant_id, occurred_at, stock_movement_id);

CREATE TABLE stock_movements (
    tenant_id TEXT NOT NULL,                        -- the business
    source_id TEXT NOT NULL,                        -- the order, refund or movement that it comes from
    line_number BIGINT NOT NULL,                    -- its place there, from 1
    reason TEXT NOT NULL,                           -- sold, returned, received, counted, wasted or transferred
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    item_id TEXT NOT NULL,                          -- what moved
    variant_id TEXT NOT NULL,                       -- its variant; empty for none
    sku TEXT NOT NULL,                              -- the business's code at the time
    quantity BIGINT NOT NULL,                       -- thousandths; below zero left the shelf
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    PRIMARY KEY (tenant_id, source_id, line_number)
);

CREATE TABLE stock_levels (
    tenant_id TEXT NOT NULL,                        -- the business
    outlet_id TEXT NOT NULL,                        -- where
    item_id TEXT NOT NULL,                          -- what
    variant_id TEXT NOT NULL,                       -- its variant; empty for none
    quantity BIGINT NOT NULL,                       -- on hand, thousandths; below zero was oversold
    PRIMARY KEY (tenant_id, outlet_id, item_id, variant_id)
);

CREATE TABLE activities (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- on which terminal
    epoch BIGINT NOT NULL,                          -- the life of the journal of its event
    seq BIGINT NOT NULL,                            -- the place of its event
    outlet_id TEXT NOT NULL,                        -- where
    kind TEXT NOT NULL,                             -- such as staff.signed_in or approval.granted
    staff_id TEXT,                                  -- by whom
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    body TEXT NOT NULL,                             -- JSON of the fact
    PRIMARY KEY (tenant_id, terminal_id, epoch, seq)
);
