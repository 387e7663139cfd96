// One camera being watched: its thread, its ring, its recorder, its judges. Whatever goes wrong here stays here.
#pragma once
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/world.hpp"
#include "vision/detectors/face_finder.hpp"
#include "vision/detectors/object_finder.hpp"
#include "vision/detectors/plate_reader.hpp"
#include "vision/detectors/pose_finder.hpp"
#include "vision/judges/bag.hpp"
#include "vision/judges/holding.hpp"
#include "vision/judges/presence.hpp"
#include "vision/judges/standing.hpp"
#include "vision/motion/facade_motion.hpp"
#include "vision/serve/backlog.hpp"
#include "vision/serve/config.hpp"
#include "vision/serve/darkroom.hpp"
#include "vision/serve/evidence.hpp"
#include "vision/serve/face_book.hpp"
#include "vision/serve/keeper.hpp"
#include "vision/serve/messenger.hpp"
#include "vision/serve/newest.hpp"
#include "vision/serve/watch_state.hpp"
#include "vision/stream/recorder.hpp"

namespace lifang::vision {

class Watch;

/// A picture on its way to the judges.
struct Look {
  std::shared_ptr<Watch> watch;
  double seconds = 0;
  cv::Mat picture;  ///< masked
  std::uint64_t stream = 0;  ///< which of the camera's streams it is of: one that waited over a break is of no use
};
using Looks = Newest<Look>;

/// Shared by all who judge; const and safe from several threads.
struct Detectors {
  explicit Detectors(const Catalog& catalog) : objects(catalog), plates(catalog), poses(catalog), catalog_(catalog) {}
  ObjectFinder objects;
  PlateReader plates;
  PoseFinder poses;
  /// Loaded when a camera first asks: most sites have no gate that does.
  const FaceFinder& faces() const {
    std::call_once(once_, [this] { faces_.emplace(catalog_); });
    return *faces_;
  }

 private:
  Catalog catalog_;
  mutable std::once_flag once_;
  mutable std::optional<FaceFinder> faces_;
};

/// What the camera thread and the judges share: where they look, what they write to.
struct Surroundings {
  World world;
  std::filesystem::path folder;
  double before_s, after_s, segment_s, repeat_s;
  std::int64_t offset_minutes;
  Looks& looks;
  Messenger& messenger;
  Darkroom& darkroom;
  const Room& room;
  FaceBook* faces = nullptr;  ///< none: nobody is known by their face here
};

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(Surroundings around, CameraWords words, DrawnOff off = {});
  ~Watch();
  void start();
  void stop();  ///< asks; the destructor waits
  /// On a judging thread.
  void judge(const Look& look, const Detectors& detectors);
  WatchState state() const;
  /// Asks for a picture, and gives the newest masked one since the last call; none while there is none yet.
  std::optional<cv::Mat> still();
  const CameraWords& words() const { return words_; }
  const DrawnOff& off() const { return off_; }
  /// Stops, and waits until the camera's thread has told what it had to tell.
  void halt();

 private:
  struct Happening {
    Letter letter;
    std::optional<std::filesystem::path> kept;  ///< the letter on disk, while it waits for its clip
    double from = 0, until = 0;                 ///< stream seconds of the clip
    std::chrono::steady_clock::time_point due;  ///< its clip is not waited for any longer, whatever the stream's clock says
  };
  /// A clip that is told after its alarm, with the next word of the same kind.
  struct LateClip {
    std::string clip;
    bool there = false;
  };
  /// However a stretch of the stream ends, what waits is told.
  struct Closing {
    Watch& watch;
    ~Closing() { watch.close_stretch(); }
  };
  struct Judges;

  void run();
  void keep_watching();
  void watch_stream();
  std::optional<ReadEnd> watch_stretch(Source& source, Packet& packet, bool at_hand);
  void take_packet(Packet& packet, const Source& source, Decoder& decoder);
  void check_masks(cv::Size picture) const;
  void begin(const Source& source, cv::Size size);
  std::optional<ReadEnd> look_ahead(Source& source, Decoder& decoder);
  std::vector<BinJudge> open_bins();
  void close_stretch() noexcept;
  void keep_still(const Decoder& decoder);
  void take_pictures(Decoder& decoder);
  void see_falls(const cv::Mat& grey, double seconds, const Decoder& decoder);
  void offer(double seconds, const Decoder& decoder);
  void tell_fall(const Fall& fall, cv::Mat still);
  cv::Mat shown(const Decoder& decoder) const;
  void happen(std::string kind, double began, double ended, double confidence, std::string attributes, const cv::Mat& still);
  void keep_evidence(Letter& letter, const cv::Mat& still, const std::vector<std::string>& segments);
  void add_late_clip(Letter& letter);
  bool goes_as_it_came(const AVCodecParameters* codec) const;
  void tell_at_once(Happening happening);
  void finish(Happening happening, std::vector<Packet> packets, const std::shared_ptr<const AVCodecParameters>& codec);
  void clip_is_there(const std::string& kind, const std::string& clip);
  void finish_happenings(double seconds, bool all);
  void judge_objects(const Look& look, const Detectors& detectors);
  std::optional<SecondLook> open_second_look();
  void judge_ebike(const Look& look, const std::vector<FoundObject>& found);
  void withhold(const Look& look, const EbikeEvent& event, const std::string& attributes);
  void judge_duty(const Look& look, const std::vector<FoundObject>& found);
  void judge_bags(const Look& look, const std::vector<FoundObject>& found, const cv::Mat& grey);
  void judge_fall(const Look& look, const std::vector<FoundObject>& found, const Detectors& detectors);
  void stand(const std::string& kind, const std::string& subject, const PresenceEvent& event, const std::string& attributes, const cv::Mat& still,
             std::optional<double> repeat_s = {});
  void tell(const Telling& telling, const cv::Mat& still);
  void end_all(const char* because, const std::function<bool(const std::string& kind)>& which = {});
  void judge_parking(const Look& look, const Detectors& detectors);
  void judge_plates(const Look& look, const Detectors& detectors);
  void judge_faces(const Look& look, const Detectors& detectors);
  void forget_faces();
  bool asked(Judgement judgement) const;  ///< of this camera, at this hour
  void follow_hours(const Decoder& decoder);
  void pace(double seconds);
  void note(const std::string& state, const std::string& trouble = {});

  Surroundings around_;
  CameraWords words_;
  DrawnOff off_;
  // Fitted to the stream's pictures when it begins; written under judging_.
  View view_;
  cv::Size size_;
  double rate_ = 25;
  double longest_s_ = 60;  ///< for so long something may have been so before it is told
  std::vector<std::vector<cv::Point>> masks_, zones_;
  std::vector<Slot> slots_;
  std::vector<BinJudge> bins_;  ///< as they begin, of view_.bins
  std::unique_ptr<Judges> judges_;
  std::uint64_t stream_ = 0;
  std::uint32_t judged_now_ = 0;  ///< as judged_at
  // Of the camera's thread alone.
  Recorder recorder_;
  Backlog backlog_;
  bool masks_noted_ = false;

  mutable std::mutex mutex_;  ///< guards what follows
  PacketRing ring_;
  std::vector<Happening> happenings_;
  std::map<std::string, LateClip> late_clips_;  ///< by kind
  Segments segments_;  ///< as far back as a judgement reaches
  EventNames names_;
  std::shared_ptr<const AVCodecParameters> codec_;
  bool streaming_ = false;     ///< packets come that a clip may wait for
  WatchState state_;
  double newest_ = 0;          ///< stream seconds of the newest packet …
  std::int64_t newest_ms_ = 0; ///< … and when it came
  cv::Mat still_;

  std::mutex judging_;         ///< one picture of a camera is judged at a time
  double judged_ = -1;
  double due_ = 0, parking_due_ = 0, paced_from_ = -1;
  Time paced_at_{};
  std::atomic<bool> stop_{false}, still_asked_{false};
  std::thread thread_;
};

}  // namespace lifang::vision
