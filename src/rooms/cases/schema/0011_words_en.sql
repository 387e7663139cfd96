-- What a line of the diary says in English. NULL: written before this was kept.
ALTER TABLE cases_diary ADD COLUMN words_en TEXT;
