// What a file is: told by its first bytes, never by its name or by what the client says.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/describe.hpp"

namespace lifang::files {

enum class Type { jpeg, png, webp, heic, mp4, webm, ogg, mp3, wav, m4a, amr, pdf, xlsx, csv };
BOOST_DESCRIBE_ENUM(Type, jpeg, png, webp, heic, mp4, webm, ogg, mp3, wav, m4a, amr, pdf, xlsx, csv)

enum class Kind { picture, clip, voice, document, table };
BOOST_DESCRIBE_ENUM(Kind, picture, clip, voice, document, table)

Kind kind_of(Type type);
/// "image/jpeg"; what the file is served as.
std::string_view media_type(Type type);
/// ".jpg"
std::string_view suffix_of(Type type);
/// Whether a page may show it; everything else is a download.
bool shown_in_pages(Type type);

struct Size {
  std::int64_t width = 0, height = 0;  ///< pixels
};

inline constexpr std::size_t kHeadBytes = 64 * 1024;  ///< enough of a file to tell what it is

/// By the magic bytes; `head` is the beginning of the file, `whole` says that it is all of it. CSV has no magic: it
/// is text when the client says so, and only if it is not the beginning of a page. nullopt: none of ours (pages, SVG,
/// programs, archives).
std::optional<Type> type_of(std::string_view head, std::string_view declared);
/// Whether what the client declared fits: the same media type, one of its usual names, or nothing particular.
bool fits(Type type, std::string_view declared);

/// The size of a picture from its header, without decoding; nullopt if the header is damaged or beyond `head`.
std::optional<Size> size_of(Type type, std::string_view head);

}  // namespace lifang::files
