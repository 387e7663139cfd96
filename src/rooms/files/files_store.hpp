// Every SQL statement of the room files.
#pragma once
#include "rooms/files/files.hpp"

namespace lifang::files::store {

struct FileRow {
  File file;
  std::string content;
};
void insert(Tx& tx, const FileRow& row);
std::optional<FileRow> find(Reader& reader, const FileId& id);
void set_keep_until(Tx& tx, const FileId& id, const std::optional<Time>& until);
std::int64_t uploads_since(Reader& reader, const std::string& by, Time since);
std::vector<FileRow> due(Reader& reader, Time now, int limit);
/// Forgets an upload; its content goes to the gone ones with the last of them.
void remove(Tx& tx, const FileRow& row);

bool has_content(Reader& reader, const std::string& content);
void add_gone(Tx& tx, const std::string& content);
std::vector<std::string> gone(Reader& reader, int limit);
void forget_gone(Tx& tx, const std::string& content);

void insert_use(Tx& tx, const FileId& id, const Use& use);
std::vector<Use> uses_of(Reader& reader, const FileId& id);
std::vector<FileId> held_by(Reader& reader, std::string_view owner_kind, std::string_view owner);
std::vector<std::string> holders(Reader& reader, std::string_view owner_kind, Time since, std::string_view after, int limit);
void remove_uses(Tx& tx, std::string_view owner_kind, std::string_view owner);
bool remove_use(Tx& tx, const FileId& id, std::string_view owner_kind, std::string_view owner);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::files::store
