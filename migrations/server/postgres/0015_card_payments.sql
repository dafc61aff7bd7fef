-- What happened to money at card readers beside the sales and refunds themselves, one row for each fact. All of it can be
-- rebuilt from journal_events.

CREATE TABLE card_payments (
    tenant_id TEXT NOT NULL,                        -- the business
    fact_id TEXT NOT NULL,                          -- made of what it says, so that it is noted once
    fact TEXT NOT NULL,                             -- unsold, given_back, refunded or settled_by_hand
    outlet_id TEXT NOT NULL,                        -- where
    terminal_id TEXT NOT NULL,                      -- on which terminal
    card_payment_id TEXT NOT NULL,                  -- the payment or refund at the reader
    kind TEXT NOT NULL,                             -- payment or refund
    reverses TEXT,                                  -- a refund: of this payment, which became no sale
    order_id TEXT,                                  -- a refund: of this order
    refund_id TEXT,                                 -- a refund: of these goods
    reader TEXT,                                    -- what people there call the reader
    currency TEXT NOT NULL,                         -- ISO 4217 code
    amount BIGINT NOT NULL,                         -- what it is about, minor units
    moved BIGINT,                                   -- what moved, minor units; NULL is not known yet
    reason TEXT,                                    -- how a manager knows that
    approval_id TEXT,                               -- the leave of a manager
    staff_id TEXT,                                  -- by whom; NULL is the reader's own word
    occurred_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    PRIMARY KEY (tenant_id, fact_id)
);
CREATE INDEX card_payments_by_time ON card_payments (tenant_id, occurred_at, fact_id);

ALTER TABLE card_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE card_payments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON card_payments
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
