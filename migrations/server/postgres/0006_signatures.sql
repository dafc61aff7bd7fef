-- Signatures beside the last of each push are checked after the acknowledgement: how far that has come.

ALTER TABLE journal_heads ADD COLUMN signed_seq BIGINT NOT NULL DEFAULT 0; -- all signatures up to here were checked
SELECT set_config('kedai.system', 'on', true);
UPDATE journal_heads SET signed_seq = seq;
CREATE INDEX journal_heads_unsigned ON journal_heads (tenant_id, terminal_id, epoch) WHERE signed_seq < seq;
