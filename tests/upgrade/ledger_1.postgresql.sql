-- The tables of a ledger of the first format, as the program of then made them.

CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;

CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	who TEXT NOT NULL, 
	role TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	before_digest VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number)
);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER audit_no_delete BEFORE DELETE OR TRUNCATE ON audit EXECUTE FUNCTION ledger_refuse();

CREATE TABLE releases (
	key INTEGER NOT NULL, 
	number INTEGER, 
	number_of_year INTEGER, 
	year INTEGER, 
	draft INTEGER, 
	scheme_id TEXT NOT NULL, 
	day TEXT NOT NULL, 
	status TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	author TEXT NOT NULL, 
	role TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TEXT NOT NULL, 
	entry INTEGER NOT NULL, 
	PRIMARY KEY (key), 
	UNIQUE (number), 
	UNIQUE (draft)
);

CREATE TRIGGER releases_no_delete BEFORE DELETE OR TRUNCATE ON releases EXECUTE FUNCTION ledger_refuse();

CREATE TABLE overrides (
	key INTEGER NOT NULL, 
	scheme_id TEXT NOT NULL, 
	area_id TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	role TEXT NOT NULL, 
	starts TEXT NOT NULL, 
	expires TEXT NOT NULL, 
	at TEXT NOT NULL, 
	withdrawn TEXT, 
	entry INTEGER NOT NULL, 
	PRIMARY KEY (key)
);

CREATE TRIGGER overrides_no_delete BEFORE DELETE OR TRUNCATE ON overrides EXECUTE FUNCTION ledger_refuse();

CREATE TABLE scheme_versions (
	key INTEGER NOT NULL, 
	scheme_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	yaml_text TEXT NOT NULL, 
	author TEXT NOT NULL, 
	role TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TEXT NOT NULL, 
	adopted INTEGER, 
	entry INTEGER NOT NULL, 
	PRIMARY KEY (key)
);

CREATE TRIGGER scheme_versions_no_delete BEFORE DELETE OR TRUNCATE ON scheme_versions EXECUTE FUNCTION ledger_refuse();

CREATE TABLE codes (
	key INTEGER NOT NULL, 
	code VARCHAR(8) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	view TEXT NOT NULL, 
	entry INTEGER NOT NULL, 
	PRIMARY KEY (key)
);

CREATE INDEX ix_codes_code ON codes (code);

CREATE TRIGGER codes_no_delete BEFORE DELETE OR TRUNCATE ON codes EXECUTE FUNCTION ledger_refuse();
