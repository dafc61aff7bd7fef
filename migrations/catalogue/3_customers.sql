-- Customers whom the business knows, so that they are found by card, phone or name without a network.
CREATE TABLE customers (
    customer_id TEXT PRIMARY KEY NOT NULL, -- the customer
    folded_name TEXT NOT NULL,             -- what they are called, as it is looked for
    phone TEXT,                            -- their telephone number, in digits
    body TEXT NOT NULL                     -- the customer as JSON
) WITHOUT ROWID;
CREATE TABLE customer_codes (
    code TEXT PRIMARY KEY NOT NULL, -- what a card says
    customer_id TEXT NOT NULL       -- whose it is
) WITHOUT ROWID;
CREATE INDEX customer_codes_of_customer ON customer_codes (customer_id);

-- Those that a build without these tables kept aside.
INSERT INTO customers
    SELECT row_id, lower(json_extract(body, '$.name')), json_extract(body, '$.phone'), body
    FROM feed_unknown WHERE entity = 'customer' AND json_extract(body, '$.name') IS NOT NULL;
INSERT OR REPLACE INTO customer_codes
    SELECT code.value, customers.customer_id FROM customers, json_each(customers.body, '$.codes') AS code;
DELETE FROM feed_unknown WHERE entity = 'customer' AND row_id IN (SELECT customer_id FROM customers);
