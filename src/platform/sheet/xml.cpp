#include "platform/sheet/xml.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <charconv>
#include <exception>
#include <memory>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang::sheet {
namespace {

constexpr std::string_view kHead = "_x";

/// The code of "_xHHHH_" at the front of `text`, or -1.
int office_code(std::string_view text) {
  if (text.size() < 7 || !text.starts_with(kHead) || text[6] != '_') return -1;
  int code = 0;
  const auto [end, bad] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  return bad == std::errc{} && end == text.data() + 6 ? code : -1;
}

struct Session {
  const XmlHearer& hearer;
  XML_Parser parser;
  std::exception_ptr thrown;
  bool declared = false;

  /// expat is C: what a hearer throws waits until the parser has returned.
  template <class Do>
  void guard(Do act) {
    if (thrown) return;
    try {
      act();
    } catch (...) {
      thrown = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

std::string_view plain_name(const char* name) {
  const std::string_view whole = name;
  const auto colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

void on_open(void* user, const char* name, const char** attributes) {
  auto& session = *static_cast<Session*>(user);
  session.guard([&] {
    Attributes named;
    for (; *attributes != nullptr; attributes += 2)
      named.emplace(plain_name(attributes[0]), attributes[1]);
    session.hearer.open(plain_name(name), named);
  });
}

void on_close(void* user, const char* name) {
  auto& session = *static_cast<Session*>(user);
  session.guard([&] { session.hearer.close(plain_name(name)); });
}

void on_text(void* user, const char* text, int size) {
  auto& session = *static_cast<Session*>(user);
  session.guard([&] { session.hearer.text({text, static_cast<std::size_t>(size)}); });
}

void on_declaration(void* user, const char*, const char*, const char*, int) {
  auto& session = *static_cast<Session*>(user);
  session.declared = true;
  XML_StopParser(session.parser, XML_FALSE);
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '_' && office_code(text.substr(i)) >= 0)
      out += "_x005F_";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      out += fmt::format("_x{:04X}_", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out;
}

std::string unescape_office(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const int code = text[i] == '_' ? office_code(text.substr(i)) : -1;
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (code <= 0 || surrogate) {
      out += text[i++];
    } else {
      const char32_t point[] = {static_cast<char32_t>(code)};
      out += to_utf8({point, 1});
      i += 7;
    }
  }
  return out;
}

void read_xml(std::string_view xml, const XmlHearer& hearer) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), &XML_ParserFree);
  check(parser != nullptr, "expat cannot start");
  Session session{hearer, parser.get(), nullptr, false};
  XML_SetUserData(parser.get(), &session);
  XML_SetElementHandler(parser.get(), on_open, on_close);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  // Office writes no document type; entities, which only others' files declare, are a bomb at
  // worst.
  XML_SetStartDoctypeDeclHandler(parser.get(), on_declaration);
  constexpr std::size_t kPiece = 1U << 20;
  bool good = true;
  do {
    const std::string_view piece = xml.substr(0, kPiece);
    xml.remove_prefix(piece.size());
    good = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), xml.empty()) ==
           XML_STATUS_OK;
  } while (good && !xml.empty());
  if (session.thrown) std::rethrow_exception(session.thrown);
  if (session.declared)
    throw Refusal(RefusalKind::unreadable, "sheet.unreadable", "a document type is declared");
  if (!good)
    throw Refusal(RefusalKind::unreadable, "sheet.unreadable",
                  fmt::format("XML line {}: {}", XML_GetCurrentLineNumber(parser.get()),
                              XML_ErrorString(XML_GetErrorCode(parser.get()))));
}

}  // namespace lifang::sheet
