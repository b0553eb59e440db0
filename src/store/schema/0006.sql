-- Version 6: how a comment's text is read.
--
-- format: 0 plain, 1 Markdown.  Comments of before are plain; so are those
-- that a process of the previous version still writes.

ALTER TABLE comment ADD COLUMN format INTEGER NOT NULL DEFAULT 0;
