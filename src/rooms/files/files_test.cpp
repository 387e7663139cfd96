#include "rooms/files/files.hpp"

#include <filesystem>
#include <fstream>

#include "support/house_fixture.hpp"
#include "support/leap.hpp"

namespace lifang::files {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

std::string big32(std::uint32_t n) {
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

/// A PNG header of that size with filler behind it: nothing of it is ever decoded.
std::string png(std::uint32_t width, std::uint32_t height, const std::string& filler = "filler") {
  return "\x89PNG\r\n\x1A\n" + big32(13) + "IHDR" + big32(width) + big32(height) + filler;
}

/// SOI, an APP1 segment of `skip` bytes, SOF0.
std::string jpeg(std::uint16_t width, std::uint16_t height, std::uint16_t skip = 20) {
  std::string s = "\xFF\xD8\xFF\xE1";
  s += {static_cast<char>(skip >> 8), static_cast<char>(skip)};
  s += std::string(skip - 2U, 'x');
  s += std::string("\xFF\xC0\x00\x11\x08", 5);
  s += {static_cast<char>(height >> 8), static_cast<char>(height), static_cast<char>(width >> 8), static_cast<char>(width)};
  return s + std::string(20, '\0');
}

std::string mp4(std::size_t bytes) { return std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(bytes - 12, 'v'); }

class Files : public HouseTest {
 protected:
  Files() {
    places::PlaceWords words{places::Kind::compound, "府苑", {}, {}, {}, {}, {}};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, words); });
    words.name = "别处";
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{"other"}, words); });
  }
  File upload(const Caller& caller, const std::string& bytes, const std::string& declared = "") {
    const Upload taken = house_.files.take_in(bytes, "", declared, world_.ids);
    return act([&](Tx& tx) { return house_.files.keep(tx, caller, taken); });
  }
  std::string attempt(const std::string& bytes, const std::string& declared = "") {
    return refused([&](Tx&) { house_.files.take_in(bytes, "", declared, world_.ids); });
  }
  std::string whole(const FileId& id) {
    return ask([&](Reader& r) {
      const File file = *files::Files::find(r, id);
      return house_.files.read(r, file, 0, file.bytes);
    });
  }
  void hold(const Caller& caller, const FileId& id, const std::string& owner, const std::string& path = "/fuyuan/",
            const std::string& person = "") {
    act([&](Tx& tx) { house_.files.use(tx, caller, id, {"case", owner, path, "cases.read", person}); });
  }
  std::string opens(const Caller& caller, const FileId& id) {
    return refused([&](Tx& tx) { house_.files.get(tx, caller, id); });
  }
  std::vector<fs::path> on_disk() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(database_.directory() + "/files"))
      if (entry.is_regular_file()) found.push_back(entry.path());
    return found;
  }
  void sweep() {
    act([&](Tx& tx) { house_.files.sweep(tx, 100); });
    act([&](Tx& tx) { house_.files.sweep(tx, 100); });  // bytes go in a later run than their row
  }
  Caller worker_{"account_w", "", "worker", "", "", {{"files.write", "/fuyuan/"}, {"cases.read", "/fuyuan/"}}};
  Caller colleague_{"account_c", "", "colleague", "", "", {{"files.write", "/fuyuan/"}, {"cases.read", "/fuyuan/"}}};
  Caller elsewhere_{"account_e", "", "elsewhere", "", "", {{"files.read", "/"}, {"cases.read", "/other/"}}};
};
BOTH_ENGINES(Files);

TEST_P(Files, an_upload_comes_back_as_it_was_and_lies_sealed_on_disk) {
  const std::string bytes = png(640, 480, "the gate is broken");
  const File file = upload(worker_, bytes, "image/png");
  EXPECT_EQ(file.type, Type::png);
  EXPECT_EQ(file.width, 640);
  EXPECT_EQ(file.height, 480);
  EXPECT_EQ(file.digest, blake2b_hex(bytes));
  EXPECT_EQ(whole(file.id), bytes);
  ASSERT_EQ(on_disk().size(), 1U);
  std::ifstream in(on_disk()[0], std::ios::binary);
  const std::string stored{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(stored.find("the gate is broken"), std::string::npos);
  EXPECT_EQ(stored.find("PNG"), std::string::npos);
  EXPECT_EQ(on_disk()[0].string().find(file.digest), std::string::npos) << "nobody may test whether a known file is here";
}

TEST_P(Files, a_part_of_a_long_file_is_read_across_its_blocks) {
  std::string bytes = mp4(3 * Disk::kBlock + 1000);
  for (std::size_t i = 20; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
  const File file = upload(worker_, bytes);
  EXPECT_EQ(whole(file.id), bytes);
  for (const auto& [from, count] : {std::pair{0, 10}, {65'530, 20}, {65'536, 65'536}, {100, 200'000}, {196'600, 5'000}}) {
    const auto part = ask([&](Reader& r) { return house_.files.read(r, file, from, count); });
    EXPECT_EQ(part, bytes.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count))) << from;
  }
}

TEST_P(Files, the_same_bytes_lie_there_once_and_go_with_the_last_of_their_uploads) {
  const std::string bytes = png(10, 10);
  const File one = upload(worker_, bytes), two = upload(colleague_, bytes);
  EXPECT_NE(one.id, two.id);
  EXPECT_EQ(on_disk().size(), 1U);
  hold(colleague_, two.id, "case_1");
  pass(hours(25));
  sweep();
  EXPECT_EQ(opens(worker_, one.id), "files.unknown");
  EXPECT_EQ(whole(two.id), bytes);
  act([&](Tx& tx) { house_.files.release(tx, "case", "case_1"); });
  leap(house_, world_, hours(24 * 91));
  sweep();
  EXPECT_TRUE(on_disk().empty());
}

TEST_P(Files, what_nothing_holds_goes_and_what_is_held_stays) {
  const File unused = upload(worker_, png(1, 1)), held = upload(worker_, png(2, 2));
  hold(worker_, held.id, "case_1");
  EXPECT_EQ(unused.keep_until, world_.clock.now() + hours(24));
  leap(house_, world_, hours(24 * 400));
  sweep();
  EXPECT_EQ(opens(worker_, unused.id), "files.unknown");
  EXPECT_EQ(opens(worker_, held.id), "");
  EXPECT_EQ(on_disk().size(), 1U);
  hold(worker_, held.id, "case_2");
  act([&](Tx& tx) { house_.files.release(tx, "case", "case_1"); });
  pass(hours(48));
  sweep();
  EXPECT_EQ(opens(worker_, held.id), "") << "another holds it still";
}

TEST_P(Files, a_clip_of_a_camera_that_nothing_holds_is_kept_thirty_days) {
  const Upload taken = house_.files.take_in(mp4(500), "", "video/mp4", world_.ids);
  const File clip = act([&](Tx& tx) { return house_.files.keep_for_machine(tx, "device:cam-1", taken, "det_1"); });
  leap(house_, world_, hours(24 * 29));
  sweep();
  EXPECT_EQ(opens(root_, clip.id), "");
  pass(hours(25));
  sweep();
  EXPECT_EQ(opens(root_, clip.id), "files.unknown");
}

TEST_P(Files, a_file_opens_through_what_holds_it) {
  const File file = upload(worker_, png(1, 1));
  EXPECT_EQ(opens(worker_, file.id), "");
  EXPECT_EQ(opens(colleague_, file.id), "files.unknown") << "nothing holds it yet";
  hold(worker_, file.id, "case_1", "/fuyuan/", "person_r");
  EXPECT_EQ(opens(colleague_, file.id), "");
  EXPECT_EQ(opens(elsewhere_, file.id), "files.unknown") << "files.read alone opens nothing";
  EXPECT_EQ(opens(Caller{"account_r", "person_r", "reporter", "", "", {}}, file.id), "");
  EXPECT_EQ(opens(Caller{"account_x", "person_x", "x", "", "", {}}, file.id), "files.unknown");
  EXPECT_EQ(opens(Caller{}, file.id), "files.unknown");
}

TEST_P(Files, nobody_binds_a_file_that_they_cannot_open) {
  const File file = upload(worker_, png(1, 1));
  EXPECT_EQ(refused([&](Tx& tx) {
              house_.files.use(tx, elsewhere_, file.id, {"case", "case_9", "/other/", "cases.read"});
            }),
            "files.unknown") << "or a stranger's case would open it";
  EXPECT_EQ(refused([&](Tx& tx) { house_.files.use(tx, worker_, FileId{"file_x"}, {"case", "c", "/", "cases.read"}); }),
            "files.unknown");
}

TEST_P(Files, a_signed_address_opens_one_file_for_a_while) {
  const File file = upload(worker_, png(1, 1)), other = upload(worker_, png(2, 2));
  const Link link = house_.files.link(file.id, world_.clock.now());
  const auto part = [&](const std::string& name) {
    const auto from = link.url.find(name + "=") + name.size() + 1;
    return link.url.substr(from, link.url.find('&', from) - from);
  };
  const std::string expires = part("expires"), signature = part("signature");
  const auto opened = [&](const FileId& id, const std::string& until) {
    return house_.files.opens(id, until, signature, world_.clock.now());
  };
  EXPECT_TRUE(opened(file.id, expires));
  EXPECT_FALSE(opened(other.id, expires));
  EXPECT_FALSE(opened(file.id, std::to_string(std::stoll(expires) + 60)));
  EXPECT_FALSE(opened(file.id, "9x"));
  pass(std::chrono::minutes(12));
  EXPECT_FALSE(opened(file.id, expires));
}

TEST_P(Files, a_file_is_what_its_bytes_say) {
  EXPECT_EQ(attempt(png(1, 1), "image/png"), "");
  EXPECT_EQ(attempt(png(1, 1), "image/jpeg"), "files.not_what_it_says");
  EXPECT_EQ(attempt(png(1, 1), "text/html"), "files.not_what_it_says");
  EXPECT_EQ(attempt("<!DOCTYPE html><script>alert(1)</script>", "text/html"), "files.unknown_type");
  EXPECT_EQ(attempt("<html>", "image/png"), "files.unknown_type");
  EXPECT_EQ(attempt("<html>", "text/csv"), "files.unknown_type");
  EXPECT_EQ(attempt("\xEF\xBB\xBF  <svg onload=alert(1)>", "text/csv"), "files.unknown_type");
  EXPECT_EQ(attempt("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml"), "files.unknown_type");
  EXPECT_EQ(attempt("a,b\r\n1,2\r\n", "text/csv; charset=utf-8"), "");
  EXPECT_EQ(attempt("a,b\r\n1,2\r\n", "text/plain"), "files.unknown_type");
  EXPECT_EQ(attempt(std::string("a,b\0", 4), "text/csv"), "files.unknown_type");
  EXPECT_EQ(attempt(std::string("MZ\x90\0\x03", 5), "application/octet-stream"), "files.unknown_type");
  EXPECT_EQ(attempt("\x7f" "ELF", ""), "files.unknown_type");
  EXPECT_EQ(attempt("PK\x03\x04" + std::string(60, 'z'), ""), "files.unknown_type") << "any archive";
  EXPECT_EQ(attempt("GIF89a" + std::string(60, 'z'), "image/gif"), "files.unknown_type");
  EXPECT_EQ(attempt("%PDF-1.7\n…", "application/pdf"), "");
  EXPECT_EQ(attempt("", "image/png"), "files.empty");
}

TEST_P(Files, a_picture_that_would_unfold_too_far_is_refused_by_its_header) {
  EXPECT_EQ(attempt(png(100'000, 100'000)), "files.too_many_pixels");
  EXPECT_EQ(attempt(png(0xFFFFFFFF, 0xFFFFFFFF)), "files.too_many_pixels");
  EXPECT_EQ(attempt(png(20'000, 1)), "files.too_many_pixels");
  EXPECT_EQ(attempt(png(0, 5)), "files.damaged_picture");
  EXPECT_EQ(attempt(png(1, 1).substr(0, 18)), "files.damaged_picture");
  EXPECT_EQ(attempt(jpeg(4000, 3000)), "");
  EXPECT_EQ(attempt(jpeg(60'000, 60'000)), "files.too_many_pixels");
  EXPECT_EQ(attempt("\xFF\xD8\xFF\xDA" + std::string(100, 'x')), "files.damaged_picture") << "no size before the scan";
}

TEST_P(Files, sizes_are_limited_by_kind) {
  EXPECT_EQ(attempt(png(1, 1, std::string(21 << 20, 'x'))), "files.too_large");
  EXPECT_EQ(attempt(mp4(21 << 20)), "");
}

TEST_P(Files, a_login_that_uploads_without_end_is_refused) {
  const Upload taken = house_.files.take_in(png(1, 1), "", "", world_.ids);
  act([&](Tx& tx) {
    for (int i = 0; i < 500; ++i) house_.files.keep(tx, worker_, taken);
  });
  EXPECT_EQ(refused([&](Tx& tx) { house_.files.keep(tx, worker_, taken); }), "files.too_many");
  EXPECT_EQ(refused([&](Tx& tx) { house_.files.keep(tx, colleague_, taken); }), "");
  pass(hours(25));
  EXPECT_EQ(refused([&](Tx& tx) { house_.files.keep(tx, worker_, taken); }), "");
}

TEST_P(Files, what_is_due_goes_faster_than_it_came_where_much_is_due) {
  Caller busy = worker_;
  for (int i = 0; i < 900; ++i) {
    busy.account = "account_" + std::to_string(i / 100);  // nobody may send so many
    upload(busy, png(static_cast<std::uint32_t>(i + 1), 1));
  }
  pass(std::chrono::hours(26));
  const auto left = ask([](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM files_files"); });
  EXPECT_EQ(left, 0) << "one slice an hour would not have come to its end";
}

TEST_P(Files, an_upload_that_was_refused_leaves_nothing_behind) {
  const Caller nobody{"account_n", "", "nobody", "", "", {{"cases.read", "/"}}};
  const auto refuse = [&](const std::string& bytes) {
    const Upload taken = house_.files.take_in(bytes, "", "", world_.ids);
    EXPECT_EQ(refused([&](Tx& tx) { house_.files.keep(tx, nobody, taken); }), "access.no_right");
  };
  refuse(png(1, 1));
  EXPECT_EQ(on_disk().size(), 2U);
  sweep();
  EXPECT_TRUE(on_disk().empty());

  const File kept = upload(worker_, png(2, 2));
  refuse(png(2, 2));
  sweep();
  EXPECT_EQ(whole(kept.id), png(2, 2)) << "what somebody else keeps stays";
}

TEST_P(Files, an_upload_survives_the_removal_of_the_same_bytes_while_it_is_on_its_way) {
  const File old = upload(worker_, png(1, 1));
  pass(hours(25));
  const Upload taken = house_.files.take_in(png(1, 1), "", "", world_.ids);
  sweep();
  EXPECT_EQ(opens(worker_, old.id), "files.unknown");
  const File fresh = act([&](Tx& tx) { return house_.files.keep(tx, worker_, taken); });
  EXPECT_EQ(whole(fresh.id), png(1, 1));
  sweep();
  EXPECT_EQ(whole(fresh.id), png(1, 1));
}

TEST_P(Files, bytes_that_were_changed_swapped_or_cut_on_disk_do_not_open) {
  const File file = upload(worker_, mp4(3 * Disk::kBlock));
  const fs::path path = on_disk()[0];
  const auto sealed = fs::file_size(path) / 3;
  std::string stored;
  {
    std::ifstream in(path, std::ios::binary);
    stored.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto put = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return refused([&](Tx& tx) { house_.files.read(tx, file, 0, file.bytes); });
  };
  EXPECT_EQ(put(stored), "");
  std::string changed = stored;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  EXPECT_EQ(put(changed), "files.damaged");
  EXPECT_EQ(put(stored.substr(sealed, sealed) + stored.substr(0, sealed) + stored.substr(2 * sealed)), "files.damaged");
  EXPECT_EQ(put(stored.substr(0, 2 * sealed)), "files.damaged");
}

TEST_P(Files, a_large_body_comes_from_its_own_file) {
  const std::string path = database_.directory() + "/body";
  const std::string bytes = mp4(300'000);
  std::ofstream(path, std::ios::binary) << bytes;
  const Upload taken = house_.files.take_in("", path, "video/mp4", world_.ids);
  const File file = act([&](Tx& tx) { return house_.files.keep(tx, worker_, taken); });
  EXPECT_EQ(whole(file.id), bytes);
}

TEST_P(Files, a_moved_place_takes_the_sight_of_its_files_along) {
  const File file = upload(worker_, png(1, 1));
  hold(worker_, file.id, "case_1");
  places::PlaceWords words{places::Kind::compound, "府苑", {}, {}, {}, {}, {}};
  act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{"town"}, {places::Kind::street, "镇", {}, {}, {}, {}, {}}); });
  words.parent = places::PlaceId{"town"};
  act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, words); });
  const Caller town{"account_t", "", "town", "", "", {{"cases.read", "/town/"}}};
  EXPECT_EQ(opens(town, file.id), "");
}

TEST(FilesTypes, sizes_are_read_from_headers) {
  const auto vp8x = std::string("RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0", 24) + std::string("\x7F\x02\0\xDF\x01\0", 6);
  EXPECT_EQ(type_of(vp8x, ""), Type::webp);
  EXPECT_EQ(size_of(Type::webp, vp8x)->width, 640);
  EXPECT_EQ(size_of(Type::webp, vp8x)->height, 480);
  EXPECT_EQ(size_of(Type::jpeg, jpeg(640, 480, 30'000))->width, 640);
  const auto heic = std::string("\0\0\0\x18", 4) + "ftypheic" + std::string(8, '\0') + "ispe" + std::string(4, '\0') + big32(512) +
                    big32(512) + "ispe" + std::string(4, '\0') + big32(4032) + big32(3024);
  EXPECT_EQ(type_of(heic, ""), Type::heic);
  EXPECT_EQ(size_of(Type::heic, heic)->width, 4032);
}

TEST(FilesTypes, any_bytes_are_survived) {
  // Every truncation of every kind of beginning, and each of its bytes turned over.
  for (const std::string& seed : {jpeg(9, 9), png(9, 9), mp4(60), std::string("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\0\0\0\0\0\0\0\0", 29)}) {
    for (std::size_t n = 0; n <= seed.size(); ++n) {
      std::string head = seed.substr(0, n);
      for (std::size_t i = 0; i <= head.size(); ++i) {
        if (i < head.size()) head[i] = static_cast<char>(~head[i]);
        if (const auto type = type_of(head, "text/csv")) size_of(*type, head);
        if (i < head.size()) head[i] = static_cast<char>(~head[i]);
      }
    }
  }
}

}  // namespace
}  // namespace lifang::files
