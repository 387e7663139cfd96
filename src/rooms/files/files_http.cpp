#include "rooms/files/files_http.hpp"

#include <charconv>

#include "platform/http/routes.hpp"
#include "rooms/files/files.hpp"
#include "rooms/files/files_viewed.hpp"

namespace lifang::files {
namespace {

constexpr std::int64_t kMostAtOnce = 8 << 20;  ///< bytes of one partial answer

FileId id_of(const http::Call& call) {
  if (!FileId::fits(call.id())) throw missing("files.unknown", "no such file");
  return FileId{call.id()};
}

struct Range {
  std::int64_t from = 0;
  std::int64_t count = 0;
};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size() || n < 0) return std::nullopt;
  return n;
}

/// One range of bytes (RFC 9110 §14); nullopt for anything else, which is then answered whole.
std::optional<Range> range_of(std::string_view words, std::int64_t bytes) {
  if (!words.starts_with("bytes=") || words.find(',') != std::string_view::npos) return std::nullopt;
  words.remove_prefix(6);
  const auto dash = words.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number(words.substr(0, dash)), last = number(words.substr(dash + 1));
  if (dash == 0) {
    if (!last || *last == 0) return std::nullopt;
    const std::int64_t from = std::max<std::int64_t>(bytes - *last, 0);
    return Range{from, std::min(bytes - from, kMostAtOnce)};
  }
  if (!first || (!last && dash + 1 != words.size()) || (last && *last < *first)) return std::nullopt;
  const std::int64_t end = last ? std::min(*last + 1, bytes) : bytes;
  return Range{*first, std::min(end - *first, kMostAtOnce)};
}

http::Response content(Reader& reader, const http::Call& call, const Files& files, const File& file) {
  http::Response response;
  response.content_type = media_type(file.type);
  auto& headers = response.headers;
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  // Whatever it may hold: it runs nothing and loads nothing.
  headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  headers.emplace_back("Content-Disposition", std::string(shown_in_pages(file.type) ? "inline" : "attachment") +
                                                  "; filename=\"" + file.id.text + std::string(suffix_of(file.type)) + "\"");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  headers.emplace_back("Cache-Control", "private, max-age=600");
  headers.emplace_back("Accept-Ranges", "bytes");
  headers.emplace_back("ETag", "\"" + file.id.text + "\"");
  if (call.request.header("If-None-Match") == "\"" + file.id.text + "\"") {
    response.status = 304;
    return response;
  }
  if (const auto range = range_of(call.request.header("Range"), file.bytes)) {
    if (range->from >= file.bytes) {
      response.status = 416;
      headers.emplace_back("Content-Range", "bytes */" + std::to_string(file.bytes));
      return response;
    }
    response.status = 206;
    headers.emplace_back("Content-Range", "bytes " + std::to_string(range->from) + "-" +
                                              std::to_string(range->from + range->count - 1) + "/" +
                                              std::to_string(file.bytes));
    response.body = files.read(reader, file, range->from, range->count);
    return response;
  }
  response.body = files.read(reader, file, 0, file.bytes);
  return response;
}

}  // namespace

void add_routes(http::Routes& routes, Files& files, World& world, lane::Lane& lane, bus::Bus& bus) {
  routes.post_slow<http::Raw, File>(
      "/api/v1/files", "files.write", "Uploads a file: its bytes as the body, what it is as the Content-Type",
      [&files, &world](Reader&, const http::Call& call, const http::Raw&) -> http::Routes::UseCase {
        const http::Request& request = call.request;
        const Upload upload = files.take_in(request.body, request.body_file ? request.body_file->path() : "",
                                            request.header("Content-Type"), world.ids);
        return [&files, upload](Tx& tx, const http::Call& c) {
          http::Response response = http::json_response(to_json(files.keep(tx, c.caller, upload)));
          response.status = 201;
          return response;
        };
      },
      files.max_upload());
  routes.get("/api/v1/files/{id}", http::kAnyLogin, "What a file is", [&files](Reader& reader, const http::Call& call) {
    return files.get(reader, call.caller, id_of(call));
  });
  routes.get("/api/v1/files/{id}/link", http::kAnyLogin, "An address that opens the file for some minutes",
             [&files, &world, &lane, &bus](Reader& reader, const http::Call& call) {
               const File file = files.get(reader, call.caller, id_of(call));
               log_view(reader, {files, lane, bus}, call.caller, file);
               return files.link(file.id, world.clock.now());
             });
  routes.get("/api/v1/files/{id}/content", http::kAnyone, "The bytes, for a login that may open it or a signed address: ?expires= (of the address) &signature=",
             [&files, &world, &lane, &bus](Reader& reader, const http::Call& call) {
               const FileId id = id_of(call);
               const auto signature = call.query("signature");
               if (!signature) {
                 if (call.caller.account.empty())
                   throw Refusal(RefusalKind::unauthenticated, "access.login_needed", "log in first");
                 const File file = files.get(reader, call.caller, id);
                 // A player asks for a clip in many parts, from its beginning on.
                 const auto part = range_of(call.request.header("Range"), file.bytes);
                 if (!part || part->from == 0) log_view(reader, {files, lane, bus}, call.caller, file);
                 return content(reader, call, files, file);
               }
               if (!files.opens(id, call.query("expires").value_or(""), *signature, world.clock.now()))
                 throw forbidden("files.link_ended", "this address has ended; ask for a new one");
               const auto file = Files::find(reader, id);
               if (!file) throw missing("files.unknown", "no such file");
               return content(reader, call, files, *file);
             });
}

}  // namespace lifang::files
