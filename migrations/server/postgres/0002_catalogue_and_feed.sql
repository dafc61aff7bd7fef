-- What is sold, and the change feed that carries it down to the terminals.

CREATE TABLE categories (
    tenant_id TEXT NOT NULL,                        -- the business
    category_id TEXT NOT NULL,                      -- the shelf, UUIDv7
    outlet_id TEXT,                                 -- the only outlet that shows it; NULL is all
    name TEXT NOT NULL,                             -- its name
    position BIGINT NOT NULL,                       -- its place in the row
    color TEXT NOT NULL,                            -- #rrggbb
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, category_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE UNIQUE INDEX categories_name ON categories (tenant_id, COALESCE(outlet_id, ''), name);

CREATE TABLE items (
    tenant_id TEXT NOT NULL,                        -- the business
    item_id TEXT NOT NULL,                          -- the item, UUIDv7
    outlet_id TEXT,                                 -- the only outlet that sells it; NULL is all
    sku TEXT NOT NULL,                              -- the business's code
    name TEXT NOT NULL,                             -- the name on screen and receipt
    name_folded TEXT NOT NULL,                      -- the name in lower case, for searching
    category_id TEXT,                               -- its shelf
    unit_price BIGINT,                              -- 1/10,000 of the major unit; NULL is asked at the till
    available BIGINT NOT NULL,                      -- 1: can be sold now
    position BIGINT NOT NULL,                       -- its place in the category
    body TEXT NOT NULL,                             -- JSON of the item as terminals get it
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, item_id),
    CONSTRAINT items_sku_key UNIQUE (tenant_id, sku),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX items_by_category ON items (tenant_id, category_id);
CREATE INDEX items_by_name ON items (tenant_id, name_folded, item_id);

CREATE TABLE item_barcodes (
    tenant_id TEXT NOT NULL,                        -- the business
    barcode TEXT NOT NULL,                          -- the printed code
    item_id TEXT NOT NULL,                          -- the item it names
    variant_id TEXT,                                -- the variant it names, when it is one's
    CONSTRAINT item_barcodes_barcode_key PRIMARY KEY (tenant_id, barcode),
    FOREIGN KEY (tenant_id, item_id) REFERENCES items (tenant_id, item_id) ON DELETE CASCADE
);
CREATE INDEX item_barcodes_by_item ON item_barcodes (tenant_id, item_id);

CREATE TABLE pictures (
    tenant_id TEXT NOT NULL,                        -- the business
    picture_id TEXT NOT NULL,                       -- the picture, UUIDv7
    outlet_id TEXT,                                 -- the only outlet that shows it; NULL is all
    media_type TEXT NOT NULL,                       -- image/svg+xml, image/png or image/webp
    content BYTEA NOT NULL,                         -- the file
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    PRIMARY KEY (tenant_id, picture_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE feed_rows (
    tenant_id TEXT NOT NULL,                        -- the business
    entity TEXT NOT NULL,                           -- the kind of row
    row_id TEXT NOT NULL,                           -- the row
    outlet_id TEXT,                                 -- the only outlet that gets it; NULL is all
    change_seq BIGINT NOT NULL,                     -- number of its last change, in commit order of the business
    body TEXT,                                      -- JSON of its present state; NULL is a tombstone
    PRIMARY KEY (tenant_id, entity, row_id)
);
CREATE UNIQUE INDEX feed_rows_by_change ON feed_rows (tenant_id, change_seq);

-- Row-level security: a row is seen and written only by its own business, or by the look-ups that the server itself
-- does across businesses (the setting kedai.system, never set while a request acts for a business).

ALTER TABLE categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE categories FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON categories
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE items ENABLE ROW LEVEL SECURITY;
ALTER TABLE items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON items
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE item_barcodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE item_barcodes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON item_barcodes
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE pictures ENABLE ROW LEVEL SECURITY;
ALTER TABLE pictures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON pictures
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE feed_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON feed_rows
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
