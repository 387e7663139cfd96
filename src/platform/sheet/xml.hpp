// XML as spreadsheets use it: escaping, and a reader of elements and text over expat.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace lifang::sheet {

/// Text between tags or in an attribute. Control characters, which XML cannot hold, are spelt
/// _x0001_ as Office does (ECMA-376, ST_Xstring).
std::string escape_xml(std::string_view text);
/// Undoes the _xHHHH_ spelling.
std::string unescape_office(std::string_view text);

using Attributes = std::map<std::string, std::string, std::less<>>;

/// Names come without their namespace prefix.
struct XmlHearer {
  std::function<void(std::string_view name, const Attributes&)> open;
  std::function<void(std::string_view name)> close;
  std::function<void(std::string_view text)> text;
};

/// Throws Refusal (unreadable) `sheet.unreadable`; document type declarations are refused. What a
/// hearer throws comes through.
void read_xml(std::string_view xml, const XmlHearer& hearer);

}  // namespace lifang::sheet
