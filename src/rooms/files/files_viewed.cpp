#include "rooms/files/files_viewed.hpp"

#include "platform/bus/typed.hpp"
#include "rooms/files/files_store.hpp"

namespace lifang::files {

bool is_footage(const File& file) {
  return (file.kind == Kind::picture || file.kind == Kind::clip) && file.made_by.starts_with(maker_of(""));
}

void log_view(Reader& reader, const Watch& watch, const Caller& caller, const File& file) {
  if (!is_footage(file)) return;
  Viewed viewed{file.id, {}, {}, caller.purpose, caller.case_named()};
  std::string path = "/";
  for (const Use& use : store::uses_of(reader, file.id)) {
    if (!watch.files.opens_for(reader, caller, use)) continue;
    viewed.owner_kind = use.owner_kind;
    viewed.owner = use.owner;
    path = use.path;
    break;
  }
  watch.lane.now([&](Tx& tx) { bus::tell(watch.bus, tx, viewed, {file.id.text, path, "", caller.account}); });
}

}  // namespace lifang::files
