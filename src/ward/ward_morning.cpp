// A morning on which one case comes into each state: what the demo shows at its start whatever chance has done.
#include "base/refusal.hpp"
#include "ward/ward_society.hpp"

namespace lifang::ward {

using cases::Move;

/// One case at a time, driven by those whose turn it is.
class Morning {
 public:
  explicit Morning(Society& society) : society_(society), resident_(society.residents_.front().login) {}

  /// A resident reports; the office is asked for nothing yet.
  void opens(const char* kind, const std::string& place, const char* text) {
    const auto id = society_.counter_.report(resident_, kind, place, text, {});
    if (!id) throw Refusal(RefusalKind::invalid, "ward.no_report", society_.counter_.trouble);
    ++society_.done_.reported;
    society_.reporters_.try_emplace(*id, resident_);
    look(*id);
  }
  void holder(Move move, const Said& said = {}) { does(society_.login_of(now_.person), move, said); }
  void desk(Move move, const Said& said = {}) { does(society_.desk(now_), move, said); }
  void above(Move move, const Said& said = {}) { does(society_.above(now_), move, said); }
  void inspector(Move move, const Said& said = {}) { does("demo-inspector", move, said); }
  void resident(Move move, const Said& said = {}) { does(resident_, move, said); }
  void taken() { holder(Move::accept); }
  void handled() {
    taken();
    const std::string login = society_.login_of(now_.person);
    does(login, Move::handle, {"已到场处理完毕，现场已清理。", society_.photo(login, now_.kind, 0, true)});
  }
  void verified() {
    handled();
    inspector(Move::verify, {"现场核实，已解决。"});
  }
  const std::string& id() const { return now_.id.text; }

 private:
  void does(const std::string& login, Move move, const Said& said) {
    if (!society_.counter_.move(login, now_.id.text, move, said))
      throw Refusal(RefusalKind::invalid, "ward.no_move", login + " " + std::string(spelling(move)) + ": " + society_.counter_.trouble);
    ++society_.done_.moved;
    society_.doers_[now_.id.text].insert(login);
    const std::string id = now_.id.text;
    look(id);
  }
  /// What has ended is no longer owed: then the last that was seen stays.
  void look(const std::string& id) {
    now_.id.text = id;
    for (const cases::Case& one : society_.counter_.owed())
      if (one.id.text == id) now_ = one;
  }
  Society& society_;
  std::string resident_;
  cases::Case now_;
};

void Society::judge_all(int score, const char* text) {
  const std::string& login = residents_.front().login;
  for (const std::string& question : counter_.questions(login))
    if (counter_.evaluate(login, question, score, text)) ++done_.judged;
}

void Society::leave_one_of_each() {
  if (residents_.empty() || stairs_.empty() || grounds_.empty()) return;
  const auto stairs = [this](std::size_t n) { return stairs_[n % stairs_.size()]; };
  const auto grounds = [this](std::size_t n) { return grounds_[n % grounds_.size()]; };
  Morning m(*this);
  m.opens("street-light", stairs(0), "单元门口的灯不亮。");  // assigned
  m.opens("fitness-damaged", grounds(0), "健身器材的踏板断了。");
  m.taken();  // accepted
  m.opens("posters", stairs(1), "楼道里贴满了小广告。");
  m.handled();
  m.opens("bin-smell", grounds(1), "分类点味道很重。");
  m.verified();
  m.opens("door-fault", stairs(2), "单元门关不上。");
  m.verified();
  m.resident(Move::close);
  judge_all(5, "来得很快，谢谢师傅。");
  m.opens("pests", stairs(0), "地下室有老鼠。");
  m.holder(Move::return_, {"不是本岗职责，请改派。"});  // reported
  m.opens("bin-damaged", grounds(2), "桶盖断了。");
  m.taken();
  m.holder(Move::defer, {"新桶后天到货。", {}, {}, {}, {}, counter_.now() + std::chrono::days(2)});
  m.above(Move::approve);
  m.opens("other", stairs(1), "请帮我找一下走失的猫。");
  m.desk(Move::refuse, {"不属于受理范围，已告知求助渠道。"});
  m.opens("bulky-waste", grounds(0), "有人把旧床垫丢在路边。");
  const std::string first = m.id();
  m.opens("bulky-waste", grounds(1), "大门边有一张旧床垫。");
  m.desk(Move::merge, {"同一问题，并案办理。", {}, {}, first});
  m.opens("meter-fault", stairs(2), "水表走得不对。");
  m.verified();
  m.resident(Move::close);
  judge_all(1, "还是走得不对，根本没有修。");  // reopened
  m.opens("corridor-clutter", stairs(0), "楼道里堆了纸箱和旧家具。");
  m.taken();
  m.holder(Move::whistle, {"当事人拒不清理，请街道到场。"});  // the small circle
  m.opens("fire-lane-blocked", grounds(1), "消防通道停了一排车。");
  m.taken();
  m.holder(Move::whistle, {"车主联系不上，请街道到场。"});
  m.taken();
  m.holder(Move::whistle, {"需要拖车，请城区调度。"});  // the great circle
}

}  // namespace lifang::ward
