#include "pages.hpp"

#include <fmt/format.h>

#include <array>

namespace lifang {
namespace {

constexpr std::string_view kRoot = "web/dist";
/// Pages with a path of their own; the residents' page is the root.
constexpr std::array<std::string_view, 2> kPages{"console", "cockpit"};

std::string_view type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"}, {".png", "image/png"}, {".webp", "image/webp"}, {".ico", "image/x-icon"},
      {".json", "application/json"}, {".webmanifest", "application/manifest+json"}, {".woff2", "font/woff2"}}};
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

/// Everything comes from this node: no foreign script, style, picture, font or frame, and nothing inline.
void add_security(http::Response& response) {
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
                                "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; "
                                "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

http::Response redirect(const std::string& to) {
  http::Response response;
  response.status = 302;
  response.headers.emplace_back("Location", to);
  return response;
}

}  // namespace

Pages::Pages(const std::vector<embedded::File>& files) {
  for (const embedded::File& file : files)
    if (file.path.starts_with(kRoot)) files_.emplace(std::string(file.path.substr(kRoot.size())), file.bytes);
}

http::Response Pages::file(const http::Request& request, const std::string& path, int status) const {
  const auto plain = files_.find(path);
  http::Response response;
  response.status = status;
  response.content_type = type_of(path);
  response.bytes = http::Bytes::lasting(plain->second);
  if (const auto packed = files_.find(path + ".gz");
      packed != files_.end() && request.header("Accept-Encoding").find("gzip") != std::string_view::npos) {
    response.bytes = http::Bytes::lasting(packed->second);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  // Names below assets/ carry a hash of their content; everything else is asked for again.
  response.headers.emplace_back("Cache-Control", path.find("/assets/") != std::string::npos
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  add_security(response);
  return response;
}

http::Response Pages::entrance(const http::Request& request, const std::string& page) const {
  const std::string index = fmt::format("/{}/index.html", page);
  if (files_.contains(index)) return file(request, index, 200);
  http::Response response;
  response.status = 503;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "This program was built without its pages: run ./dev build.\n";
  add_security(response);
  return response;
}

http::Response Pages::answer(const http::Request& request) const {
  const std::string& path = request.path;
  if (path.starts_with("/api/") || path.ends_with(".gz") || (request.method != "GET" && request.method != "HEAD"))
    return http::problem(404, "http.no_route", "there is nothing at this path");
  // The residents' page lies at the root and keeps its own paths behind a '#', so that every other path stays honest.
  if (path == "/") return entrance(request, "resident");
  if (const std::string own = "/resident" + path; files_.contains(own)) return file(request, own, 200);
  for (const std::string_view page : kPages) {
    const std::string root = fmt::format("/{}", page);
    if (path == root) return redirect(root + "/");
    if (!path.starts_with(root + "/")) continue;
    if (files_.contains(path)) return file(request, path, 200);
    if (!path.starts_with(root + "/assets/")) return entrance(request, std::string(page));
  }
  return http::problem(404, "http.no_route", "there is nothing at this path");
}

}  // namespace lifang
