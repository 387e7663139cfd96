// What an HTTP conversation is made of: Request, Response and the bytes that they carry.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lifang::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Bytes that nobody changes any more, together with whoever keeps them alive. Copying is cheap:
/// two hundred streams may hold one rendering.
class Bytes {
 public:
  Bytes() = default;
  Bytes(std::string text) {  // NOLINT: wanted implicit
    auto kept = std::make_shared<const std::string>(std::move(text));
    view_ = *kept;
    owner_ = std::move(kept);
  }
  Bytes(std::shared_ptr<const std::string> text)
      : owner_(text), view_(text ? *text : std::string_view{}) {}
  /// `view` lives as long as `owner` does, or as long as the program where `owner` is null
  /// (embedded pages).
  Bytes(std::shared_ptr<const void> owner, std::string_view view)
      : owner_(std::move(owner)), view_(view) {}
  /// Bytes that live as long as the program: embedded files and literals.
  static Bytes lasting(std::string_view view) { return {nullptr, view}; }

  std::string_view view() const { return view_; }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

/// A large body on disk (Config::spill_over); the file goes with the last holder, so whoever wants
/// to keep it links or renames it first.
class BodyFile {
 public:
  /// Makes a file with mode 0600 in `directory`; null if that cannot be done (disk full, no such
  /// directory).
  static std::shared_ptr<BodyFile> make(const std::string& directory);
  BodyFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;
  ~BodyFile();

  const std::string& path() const { return path_; }
  std::size_t size() const { return size_; }
  /// False when the disk refuses.
  bool append(std::string_view bytes);

 private:
  std::string path_;
  int descriptor_;
  std::size_t size_ = 0;
};

struct Request {
  std::string method;  ///< "GET", upper case as sent; methods are case-sensitive
  std::string target;  ///< as it stood in the request line
  std::string path;    ///< decoded, valid UTF-8 without controls, begins with '/', no empty, "." or
                     ///< ".." segment (a last '/' stays); "*" for OPTIONS *
  Pairs query;                          ///< decoded, in order, names may repeat
  Pairs headers;                        ///< as sent, in order; values trimmed
  std::string body;                     ///< empty when body_file is set
  std::shared_ptr<BodyFile> body_file;  ///< set for bodies over Config::spill_over
  std::string remote_address;           ///< "192.0.2.7", "2001:db8::1" or "unix"
  bool tls = false;

  /// The first header of that name, in any case of letters; empty where there is none.
  std::string_view header(std::string_view name) const;
  /// The first query parameter of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// The server adds Date, Content-Length and Connection, and leaves out the body for HEAD, 204 and
/// 304 (which need no special care of the handler). The body is `body`, or `bytes` where `body` is
/// empty.
struct Response {
  int status = 200;
  std::string content_type{};
  std::string body{};
  Bytes bytes{};
  Pairs headers{};
  std::string refused{};  ///< the code of a problem(), for whoever counts
};

/// application/problem+json (RFC 9457) with `status`, `code`, `detail` and `field` (the latter two
/// if not empty).
Response problem(int status, std::string_view code, std::string_view detail = {},
                 std::string_view field = {});

/// Whether two header names, or two tokens, are the same but for ASCII case.
bool same_token(std::string_view a, std::string_view b);

/// "OK" for 200 and so on; empty for a status without a registered phrase.
std::string_view reason_phrase(int status);

}  // namespace lifang::http
