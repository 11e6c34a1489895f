-- The tables of the store, schema version 1. Embedded in the program at build time.
-- Every row ends with `sum`: the first 8 bytes of SHA-256 over the table's name and all columns before it
-- (row.hpp says how they are encoded). `meta` and `chain` keep their shape in every schema version, so that
-- any program can tell the version and check the chain. Columns appear in table.cpp in the same order.

-- schema_version, store (a random name for this store)
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID;

-- One row a commit: head = SHA-256(head of the commit before || digest), where digest is SHA-256 over what the
-- commit did, then its content: the sums of all rows of the other tables as the commit left them, added up
-- (8 bytes little endian, modulo 2^64; generation 0: the content alone). Where digest is 32 bytes long or empty,
-- by an older daydream, the content is not known. Old rows are dropped once the anchor is past them.
-- next_effect: sequences are never used twice, even after their rows are gone.
CREATE TABLE chain(generation INTEGER PRIMARY KEY, digest BLOB NOT NULL, head BLOB NOT NULL,
  next_effect INTEGER NOT NULL, sum BLOB NOT NULL);

CREATE TABLE run(id TEXT NOT NULL UNIQUE, date TEXT NOT NULL, full INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, finished INTEGER NOT NULL, mode INTEGER NOT NULL, base TEXT NOT NULL,
  facts TEXT NOT NULL, resumed INTEGER NOT NULL, sum BLOB NOT NULL);

CREATE TABLE step(run TEXT NOT NULL, id TEXT NOT NULL, plugin TEXT NOT NULL, number INTEGER NOT NULL,
  config_hash TEXT NOT NULL, status INTEGER NOT NULL, attempts INTEGER NOT NULL, started INTEGER NOT NULL,
  finished INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, result TEXT NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, id));

-- A rowid table, so that a checkpoint of some KB lies whole in its page and is rewritten in place.
CREATE TABLE checkpoint(run TEXT NOT NULL, step TEXT NOT NULL, schema INTEGER NOT NULL, bytes BLOB NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, step));

CREATE TABLE memory(plugin TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, sum BLOB NOT NULL,
  PRIMARY KEY(plugin, key)) WITHOUT ROWID;

CREATE TABLE output(run TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, step, name));

CREATE TABLE metric(run TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  sum BLOB NOT NULL, PRIMARY KEY(run, step, name)) WITHOUT ROWID;

CREATE TABLE finding(run TEXT NOT NULL, step TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
  rule TEXT NOT NULL, severity INTEGER NOT NULL, safety INTEGER NOT NULL, path BLOB NOT NULL,
  line INTEGER NOT NULL, "column" INTEGER NOT NULL, end_line INTEGER NOT NULL, symbol TEXT NOT NULL,
  context TEXT NOT NULL, message TEXT NOT NULL, evidence TEXT NOT NULL, suggestion TEXT NOT NULL,
  "commit" TEXT NOT NULL, since TEXT NOT NULL, action INTEGER NOT NULL, would_apply INTEGER NOT NULL,
  note TEXT NOT NULL, sum BLOB NOT NULL, PRIMARY KEY(run, step, number)) WITHOUT ROWID;

-- What an effect is never changes; how far it came lies in effect_state, so that marking a thousand of
-- them as applied rewrites a few pages.
CREATE TABLE effect(sequence INTEGER PRIMARY KEY, run TEXT NOT NULL, step TEXT NOT NULL, kind INTEGER NOT NULL,
  finding INTEGER NOT NULL, root TEXT NOT NULL, path BLOB NOT NULL, token INTEGER NOT NULL, spans BLOB NOT NULL,
  content BLOB NOT NULL, archive_path BLOB NOT NULL, options TEXT NOT NULL, key TEXT NOT NULL,
  request TEXT NOT NULL, sum BLOB NOT NULL);
CREATE INDEX effect_by_step ON effect(run, step);
CREATE TABLE effect_state(sequence INTEGER PRIMARY KEY, state INTEGER NOT NULL, detail TEXT NOT NULL,
  sum BLOB NOT NULL);

CREATE TABLE host(key BLOB PRIMARY KEY, value BLOB NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID;
