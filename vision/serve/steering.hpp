// What people drew on a camera's picture in the console: fetched from the node, kept on disk, taken without a stop. And the picture
// for it, when they ask for one.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/world.hpp"
#include "vision/serve/config.hpp"

namespace lifang::http {
class Client;
}

namespace lifang::vision {

/// The camera's own view with what was drawn over it (a JSON object of a View's members). Masks of the own view stay: they can be added to from
/// afar, never drawn away. Bins and the file of the second look cannot be drawn, because they name files of this machine; whether the
/// second look decides can (`"ebike":{"second_look_decides":true}`).
/// Throws Refusal as read<View> and check_view do, and invalid vision.drawn.
View compose(const View& own, const boost::json::value& drawn);

/// The configuration with what was drawn last for each camera (FOLDER/views/CAMERA.json). Where it no longer fits its masks are taken
/// alone, where they cannot be read the camera is dark: `off` says so, by camera.
/// `unsaved`: what was drawn and the disk would not take, by camera; it counts before the file.
ServeWords with_drawn(ServeWords words, std::map<std::string, DrawnOff>& off, const std::map<std::string, std::string>& unsaved = {});

/// What the node's attributes of a camera ask of it.
struct Wanted {
  std::string drawn;    ///< JSON of the attribute `view`; empty: nothing was drawn
  std::string picture;  ///< the word by which a picture was asked for that is not given yet; empty: none
};
/// None when the answer is no object. Throws Refusal as parse_json does.
std::optional<Wanted> wanted_of(std::string_view attributes);

/// What the node is told of a camera, as its attribute `eyes_state`.
struct CameraReport {
  std::string state, trouble;  ///< as in WatchState
  bool sheds = false;          ///< more pictures were passed over in the last minute
  std::vector<Judgement> judge{};  ///< what is asked of it, so that the console can say what is drawn in vain
  bool operator==(const CameraReport&) const = default;
};
BOOST_DESCRIBE_STRUCT(CameraReport, (), (state, trouble, sheds, judge))

/// Asks the node every few seconds for the attributes of each camera:
/// - `view`, drawn in the console, is checked, kept, and answered with `view_state` ("taken", or what is off and where);
/// - how the camera fares is told as `eyes_state` when it changes;
/// - `picture_asked` unlike `picture_given` is answered with POST …/picture of the newest picture, masked.
/// A node that is away changes nothing.
class Steering {
 public:
  /// The newest masked picture of a camera; none while it cannot be had.
  using Still = std::function<std::optional<cv::Mat>(const std::string& camera)>;
  Steering(World world, std::filesystem::path folder, const std::string& node, Still still);
  ~Steering();
  void steer(const std::vector<CameraWords>& cameras);  ///< their own views, as configured on this machine
  bool changed() { return changed_.exchange(false); }   ///< something was drawn since the last call
  void report(std::map<std::string, CameraReport> cameras);  ///< how they fare, by id; the node is told what is new
  /// What was drawn and is not on disk, because the disk refused it; written as soon as it does not.
  std::map<std::string, std::string> unsaved() const;
  /// One round over all cameras, as the thread does it.
  void round();

 private:
  struct Told {
    std::string drawn, state;  ///< that were dealt with
    bool taken = false;        ///< what was drawn
  };
  void run(const std::stop_token& stop);
  void look_after(const CameraWords& camera);
  void keep_view(const CameraWords& camera, const std::string& text);
  void take_view(const CameraWords& camera, const std::string& text);
  void tell_state(const CameraWords& camera);
  void give_picture(const CameraWords& camera, const std::string& asked);
  bool say(const CameraWords& camera, const boost::json::object& attributes);

  World world_;
  std::filesystem::path folder_;
  Still still_;
  std::unique_ptr<http::Client> client_;
  mutable std::mutex mutex_;  ///< guards cameras_, reports_ and unsaved_
  std::vector<CameraWords> cameras_;
  std::map<std::string, CameraReport> reports_;
  std::map<std::string, std::string> unsaved_;
  std::map<std::string, Told> told_;  ///< by camera
  std::atomic<bool> changed_{false};
  std::mutex rounds_;
  std::jthread thread_;
};

}  // namespace lifang::vision
