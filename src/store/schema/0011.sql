-- Version 11: an article knows how many approved comments it has.
--
-- comments: what a write says of its article, and what other processes learn of
-- changed ones; to count them took longer the longer the thread.  By triggers,
-- so that a process that began before this migration counts, too.
ALTER TABLE article ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;

UPDATE article SET comments = counted.n
    FROM (SELECT article AS id, count(*) AS n
              FROM comment INDEXED BY comment_approved WHERE state = 1
              GROUP BY article) AS counted
    WHERE counted.id = article.id;

CREATE TRIGGER comment_added AFTER INSERT ON comment WHEN NEW.state = 1
BEGIN
    UPDATE article SET comments = comments + 1 WHERE id = NEW.article;
END;

CREATE TRIGGER comment_gone AFTER DELETE ON comment WHEN OLD.state = 1
BEGIN
    UPDATE article SET comments = comments - 1 WHERE id = OLD.article;
END;

CREATE TRIGGER comment_shown AFTER UPDATE OF state, article ON comment
    WHEN NEW.state = 1 AND (OLD.state <> 1 OR OLD.article <> NEW.article)
BEGIN
    UPDATE article SET comments = comments + 1 WHERE id = NEW.article;
END;

CREATE TRIGGER comment_hidden AFTER UPDATE OF state, article ON comment
    WHEN OLD.state = 1 AND (NEW.state <> 1 OR OLD.article <> NEW.article)
BEGIN
    UPDATE article SET comments = comments - 1 WHERE id = OLD.article;
END;
