// Any bytes as the file of a second look: refused, or judged with and written again.
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "fuzz/fuzz_main.hpp"
#include "vision/judges/second_look.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lifang;
  using namespace lifang::vision;
  try {
    const SecondLook look = SecondLook::read({reinterpret_cast<const char*>(data), size});
    check(SecondLook::read(look.text()).text() == look.text(), "a second look does not read back");
    const double score = look.score(cv::Mat(40, 60, CV_8UC3, cv::Scalar(90, 120, 150)), {5, 5, 30, 20});
    check(score >= 0 && score <= 1, "a score lies between 0 and 1");
  } catch (const Refusal&) {
  }
  return 0;
}
