import GRDB

/// The journal's tables. A migration, once released, is never edited.
enum JournalSchema {
    /// `PRAGMA application_id`: "Lode".
    static let applicationID = 0x4C6F_6465

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 blocks, sources, cursors") { db in
            try db.execute(
                sql: """
                    -- What each source was read up to: everything before `position` is in `block`.
                    CREATE TABLE source (
                        id INTEGER PRIMARY KEY,
                        name TEXT NOT NULL UNIQUE,
                        system_identifier TEXT NOT NULL,
                        position INTEGER NOT NULL
                    ) STRICT;
                    -- The last position given to an event, and the last one that was removed.
                    CREATE TABLE extent (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        head INTEGER NOT NULL,
                        removed INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO extent VALUES (1, 0, 0);
                    -- Events in bytes, apart from their place: those of a transaction that is still
                    -- coming are written down before they have one.
                    CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
                    CREATE TABLE staged (
                        body INTEGER PRIMARY KEY REFERENCES body(id),
                        source INTEGER NOT NULL REFERENCES source(id)
                    ) STRICT;
                    CREATE TABLE block (
                        first INTEGER PRIMARY KEY,
                        count INTEGER NOT NULL,
                        source INTEGER NOT NULL REFERENCES source(id),
                        body INTEGER NOT NULL REFERENCES body(id),
                        -- Microseconds since 1970 of the latest commit in it; null in a log without.
                        latest INTEGER,
                        -- When it was written, likewise: what retention goes by.
                        written INTEGER NOT NULL,
                        header BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE cursor (
                        subscriber TEXT PRIMARY KEY,
                        -- The last event the subscriber is done with.
                        position INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    PRAGMA application_id = \(applicationID);
                    """)
        }
        // Positions are those of a whole cluster: only its database tells one source from another there.
        migrator.registerMigration("2 database of a source") { db in
            try db.execute(sql: "ALTER TABLE source ADD COLUMN database TEXT")
        }
        migrator.registerMigration("3 shelf, subscriptions, requests") { db in
            try db.execute(
                sql: """
                    -- The journal's own name: positions of another journal mean other events.
                    ALTER TABLE extent ADD COLUMN name TEXT NOT NULL DEFAULT '';
                    UPDATE extent SET name = lower(hex(randomblob(16)));
                    -- Events that a subscriber could not take, each a block of its own, whatever becomes of the
                    -- rest of the journal; and the later ones of their keys.
                    CREATE TABLE shelf (
                        subscriber TEXT NOT NULL,
                        position INTEGER NOT NULL,
                        key BLOB,
                        id TEXT NOT NULL,
                        type TEXT NOT NULL,
                        source INTEGER NOT NULL REFERENCES source(id),
                        header BLOB NOT NULL,
                        body BLOB NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('retrying', 'parked', 'behind', 'skipped')),
                        attempts INTEGER NOT NULL,
                        -- In the peer's words; null of those that wait behind another.
                        reason TEXT,
                        -- Microseconds since 1970 of its last change.
                        at INTEGER NOT NULL,
                        PRIMARY KEY (subscriber, position)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX shelf_by_key ON shelf (subscriber, key, position) WHERE state <> 'skipped';
                    CREATE TABLE subscription (
                        subscriber TEXT PRIMARY KEY,
                        -- Why it is paused; null: it is not.
                        paused TEXT,
                        -- How often a person sent it back or forward.
                        generation INTEGER NOT NULL DEFAULT 0
                    ) STRICT, WITHOUT ROWID;
                    -- What people ask of subscribers; whoever runs them takes these in order.
                    CREATE TABLE request (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        subscriber TEXT NOT NULL,
                        action TEXT NOT NULL,
                        position INTEGER,
                        key BLOB
                    ) STRICT;
                    """)
        }
        return migrator
    }
}
