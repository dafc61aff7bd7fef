-- How the devices at terminals are, as each terminal told last. All of it can be rebuilt from journal_events.

CREATE TABLE device_reports (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal
    epoch BIGINT NOT NULL,                          -- the life of the journal of its newest report
    seq BIGINT NOT NULL,                            -- the place of that report
    PRIMARY KEY (tenant_id, terminal_id)
);

CREATE TABLE terminal_devices (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal
    device_id TEXT NOT NULL,                        -- the device; another terminal may use the same id
    outlet_id TEXT NOT NULL,                        -- where
    position BIGINT NOT NULL,                       -- its place in the terminal's list, from 0
    kind TEXT NOT NULL,                             -- printer, scale, scanner, display or card
    name TEXT NOT NULL,                             -- what people there call it
    roles TEXT NOT NULL,                            -- JSON: what a printer prints, receipts or tickets
    stations TEXT NOT NULL,                         -- JSON: the categories on its tickets by name; none is all
    well BIGINT,                                    -- 1: it did as it was asked, 0: it did not; NULL was never spoken to
    since BIGINT NOT NULL,                          -- since when it is so, by the terminal's clock, milliseconds UTC
    problem TEXT,                                   -- what is wrong, such as unreachable or paper_out
    waiting BIGINT NOT NULL,                        -- prints that wait, or card payments that are not settled
    reported_at BIGINT NOT NULL,                    -- when it was told, by the terminal's clock, milliseconds UTC
    PRIMARY KEY (tenant_id, terminal_id, device_id)
);
CREATE INDEX terminal_devices_unwell ON terminal_devices (tenant_id, terminal_id) WHERE well = 0;

ALTER TABLE device_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON device_reports
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');

ALTER TABLE terminal_devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE terminal_devices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON terminal_devices
    USING (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on')
    WITH CHECK (tenant_id = current_setting('kedai.tenant_id', true) OR current_setting('kedai.system', true) = 'on');
