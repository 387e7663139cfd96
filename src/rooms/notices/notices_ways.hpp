// Ways: orders, progress, questions and announcements come to the page, and where somebody wishes it also to their phone. A
// part of the door of notices.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_quiet.hpp"

namespace lifang::notices {

/// `app`: the page (live) alone.
enum class Way { app, sms, wechat };
BOOST_DESCRIBE_ENUM(Way, app, sms, wechat)

/// One for each sort; absent: as before.
struct WayWords {
  std::optional<Way> work, progress, question, announcement;
};
BOOST_DESCRIBE_STRUCT(WayWords, (), (work, progress, question, announcement))

struct Chosen {
  Way work = Way::app, progress = Way::app, question = Way::app, announcement = Way::app;
  std::vector<Way> available;  ///< what this node can do, and for wechat: what the person has bound
};
BOOST_DESCRIBE_STRUCT(Chosen, (), (work, progress, question, announcement, available))

/// What is urgent (the kind of case rings, an emergency) leaves at once; everything else waits for the end of the quiet hours,
/// and does not leave at all once it was read. One notice is one message. Alarms that ring are called anyway and come by no
/// other way; a post is told on its page.
class Ways {
 public:
  Ways(jobs::Jobs& jobs, Phones& phones, Quiet quiet);

  /// The caller's own.
  Chosen chosen(Reader& reader, const Caller& caller) const;
  /// @throws Refusal invalid notices.no_way (this node or this person has not got it); forbidden notices.no_person
  Chosen choose(Tx& tx, const Caller& caller, const WayWords& words);

  /// Something is in an inbox.
  void arrived(Tx& tx, const Arrived& arrived);
  /// Nothing of an erased person stays.
  static void forget(Tx& tx, const std::string& person);

 private:
  void send(Tx& tx, const NoticeId& id, const PersonId& person);

  jobs::Jobs& jobs_;
  Phones& phones_;
  Quiet quiet_;
};

}  // namespace lifang::notices
