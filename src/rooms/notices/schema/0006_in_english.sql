-- What the program itself says in a notice, in English. NULL: a person wrote it, or it was kept before there was any.
ALTER TABLE notices ADD COLUMN title_en TEXT;
ALTER TABLE notices ADD COLUMN text_en TEXT;
