// Any bytes as a spreadsheet; and any bytes as the XML inside one, which mutations of a packed file
// seldom reach.
#include "fuzz_main.hpp"

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/sheet/sheet.hpp"
#include "platform/sheet/zip.hpp"

namespace {

constexpr lifang::sheet::ReadLimits kLimits{
    .rows = 1000, .columns = 100, .cell = 4096, .unpacked = 1U << 20, .memory = 1U << 20};

void read(std::string_view bytes) {
  try {
    for (const auto& row : lifang::sheet::read_table(bytes, kLimits))
      lifang::check(!row.cells.empty() && row.cells.size() <= kLimits.columns,
                    "a row of a size that is not allowed");
  } catch (const lifang::Refusal& refusal) {
    lifang::check(refusal.code.starts_with("sheet.") || refusal.code.starts_with("csv."),
                  "a foreign refusal");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  lifang::sheet::ZipWriter zip;
  zip.begin("xl/workbook.xml");
  zip.add("<workbook><sheets><sheet name='a' id='1'/></sheets></workbook>");
  zip.begin("xl/_rels/workbook.xml.rels");
  zip.add("<Relationships><Relationship Id='1' Target='s.xml'/></Relationships>");
  zip.begin("xl/sharedStrings.xml");
  zip.add("<sst><si><t>shared</t></si></sst>");
  zip.begin("xl/styles.xml");
  zip.add("<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>");
  zip.begin("xl/s.xml");
  zip.add(bytes);
  read(zip.finish());
  return 0;
}
