-- Why a mail to a public list waits for a closer look than every other (U1): words of ours, never of the mail.
ALTER TABLE inbox ADD COLUMN held_for text[] NOT NULL DEFAULT '{}';
GRANT UPDATE (held_for) ON inbox TO :"public_keeper";
