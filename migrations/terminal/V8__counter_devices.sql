-- What stands on the counter beside printers: the scale, scanners that are no keyboards, the customer's display.
CREATE TABLE counter_devices (
    counter_device_id TEXT NOT NULL, -- the device
    position INTEGER NOT NULL,       -- its place in lists
    kind TEXT NOT NULL,              -- scale, scanner or display
    name TEXT NOT NULL,              -- what people here call it
    target TEXT NOT NULL,            -- where it is, such as `serial:///dev/ttyUSB0?baud=9600`
    protocol TEXT,                   -- what a scale speaks
    unit TEXT,                       -- the unit of a scale that names none
    capacity_g INTEGER,              -- the most that a scale weighs, in grams
    PRIMARY KEY (counter_device_id)
) WITHOUT ROWID;
