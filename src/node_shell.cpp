#include "node_shell.hpp"

#include "backup.hpp"
#include "house_verify.hpp"
#include "house_why.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_first.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

void must_be_shell(const http::Call& call) {
  if (call.request.remote_address != "unix") throw forbidden("node.shell_only", "only over the node's own socket");
}

struct FileWords {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(FileWords, (), (file))

}  // namespace

void add_shell_routes(House& house, const fs::path& directory) {
  http::Routes& routes = *house.routes;
  routes.get("/api/v1/why/{id}", http::kAnyLogin, "The chain of causes behind an id, newest first",
             [&house](Reader& reader, const http::Call& call) { return explain(reader, house, call.caller, call.id()); });
  routes.get_long("/api/v1/node/verify", "node.verify", "Proves schema, audit chain, causes, readings, cases and events",
                  [&house](const db::Snapshots& past, const http::Call&) { return verify(past, house); });
  routes.post_long<FileWords, http::Nothing>(
      "/api/v1/node/backup", "node.backup", "Writes a backup to a file on the node's machine",
      [&house, directory](const db::Snapshots&, const http::Call& call, const FileWords& words) {
        must_be_shell(call);
        back_up(house.database, directory, words.file, house.world);
        return [](Tx&, const http::Call&) { return http::json_response("{}"); };
      });
  routes.post_slow<accounts::AccountWords, accounts::Account>(
      "/api/v1/node/users", "accounts.write", "lifang user add",
      [&house](Reader&, const http::Call& call, const accounts::AccountWords& words) {
        must_be_shell(call);
        const auto account = accounts::add_from_shell(house.accounts, house.lane, house.world, words);
        return [response = http::Routes::render(account)](Tx&, const http::Call&) { return response; };
      });
}

}  // namespace lifang
