-- Items, categories and pictures may belong to one outlet: outlets of one business may trade in other currencies and taxes.

ALTER TABLE items ADD COLUMN outlet_id TEXT;        -- the only outlet that sells it; NULL is all
ALTER TABLE categories ADD COLUMN outlet_id TEXT;   -- the only outlet that shows it; NULL is all
ALTER TABLE pictures ADD COLUMN outlet_id TEXT;     -- the only outlet that shows it; NULL is all
CREATE INDEX categories_name_idx ON categories (tenant_id, name);
CREATE INDEX items_category_idx ON items (tenant_id, category_id);
