-- When each field of a row was last edited, so that the last writer stands and a late edit undoes nothing newer.

CREATE TABLE field_stamps (
    tenant_id TEXT NOT NULL,                        -- the business
    entity TEXT NOT NULL,                           -- the kind of row as in the feed: item or category
    row_id TEXT NOT NULL,                           -- the row
    field TEXT NOT NULL,                            -- the field, such as name
    stamp TEXT NOT NULL,                            -- when and by whom: milliseconds UTC, counter (hexadecimal), terminal or server
    PRIMARY KEY (tenant_id, entity, row_id, field)
);

ALTER TABLE field_stamps ENABLE ROW LEVEL SECURITY;
ALTER TABLE field_stamps FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON field_stamps
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE tenants ADD COLUMN stamp TEXT;          -- the server's own last stamp, taken under this row's lock

-- Of rows that were changed before, it is not known which field: all of them count as written then.
SELECT set_config('kedai.system', 'on', true);
INSERT INTO field_stamps
SELECT i.tenant_id, 'item', i.item_id, f.field, lpad(to_hex(i.updated_at), 12, '0') || '-00000000-server'
FROM items i CROSS JOIN (VALUES ('name'), ('available'), ('category_id'), ('position'), ('picture_id'), ('unit_price'))
    AS f (field)
WHERE i.updated_at > i.created_at;
INSERT INTO field_stamps
SELECT c.tenant_id, 'category', c.category_id, f.field, lpad(to_hex(c.updated_at), 12, '0') || '-00000000-server'
FROM categories c CROSS JOIN (VALUES ('name'), ('position'), ('color')) AS f (field)
WHERE c.updated_at > c.created_at;
UPDATE tenants SET stamp = (SELECT MAX(s.stamp COLLATE "C") FROM field_stamps s WHERE s.tenant_id = tenants.tenant_id);
