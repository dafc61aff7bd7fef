-- The printers of this terminal, each with a queue of its own.
CREATE TABLE printers (
    printer_id TEXT NOT NULL PRIMARY KEY, -- the printer
    position INTEGER NOT NULL,            -- the order on screen; the first that prints receipts is the receipt printer
    name TEXT NOT NULL,                   -- what people here call it, such as `Kitchen 1`
    target TEXT NOT NULL,                 -- where it is, such as `tcp://192.168.1.50:9100`
    profile TEXT NOT NULL,                -- what it is: the id of a printer profile
    receipts INTEGER NOT NULL,            -- 1 prints receipts and reports
    tickets INTEGER NOT NULL,             -- 1 prints tickets for a station
    categories TEXT NOT NULL,             -- JSON: the categories whose lines stand on its tickets; none is all of them
    failover_id TEXT,                     -- the printer that takes over when this one does not print
    drawer_pin INTEGER,                   -- 2 or 5 when a cash drawer hangs on it
    drawer_open_high INTEGER              -- 1 when a high level at its pin 3 means open, 0 when a low one does
);

-- The one printer of earlier settings.
INSERT INTO printers
SELECT '00000000-0000-0000-0000-000000000001', 0, 'Printer', json_extract(value, '$.printer'), 'generic-80', 1, 0,
    '[]', NULL, 2, NULL
FROM meta WHERE key = 'settings' AND json_extract(value, '$.printer') IS NOT NULL;

ALTER TABLE print_jobs ADD COLUMN printer_id TEXT NOT NULL DEFAULT '00000000-0000-0000-0000-000000000001'; -- where it prints
ALTER TABLE print_jobs ADD COLUMN moved_from TEXT; -- the name of the printer that it was meant for, once another took over
CREATE INDEX print_jobs_waiting ON print_jobs (printer_id, job_no) WHERE state IN ('waiting', 'printing', 'unknown');
