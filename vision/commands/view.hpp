// What is to be seen where in a camera's picture: zones, slots, façades, masks. One table of a configuration file;
// `judge --config` takes the same table alone.
#pragma once
#include <array>
#include <boost/json/fwd.hpp>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"
#include "vision/detectors/object_finder.hpp"
#include "vision/judges/face_gate.hpp"
#include "vision/judges/falling.hpp"
#include "vision/judges/parking.hpp"
#include "vision/judges/plate_tracks.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/presence.hpp"
#include "vision/judges/second_look.hpp"
#include "vision/judges/standing.hpp"

namespace lifang::vision {

enum class Judgement { falling, ebike, bag, duty, parking, plates, areas, bins, fall, face };
BOOST_DESCRIBE_ENUM(Judgement, falling, ebike, bag, duty, parking, plates, areas, bins, fall, face)

/// When a judgement is made. Without a line for it always; from 22:00 to 06:00 goes over midnight and belongs to the day on which it begins.
struct HoursWords {
  Judgement judge = Judgement::duty;
  std::string from, to;            ///< "06:30" to "24:00", local time
  std::vector<std::int64_t> days;  ///< 1 Monday … 7 Sunday; none: every day
  static constexpr auto defaulted = members("days");
};
BOOST_DESCRIBE_STRUCT(HoursWords, (), (judge, from, to, days))

using Polygon = std::vector<std::vector<double>>;  ///< [[x, y], …] in pixels of the stream's pictures

struct SlotWords {
  std::string id;
  Polygon polygon;
  std::string building;  ///< the place whose cars stand there; told are free and taken ones a place
  static constexpr auto defaulted = members("building");
};
BOOST_DESCRIBE_STRUCT(SlotWords, (), (id, polygon, building))

struct ParkingWords {
  double threshold = 0.24;        ///< score from which a slot holds a car; chosen on two days, scored on two others
  std::vector<std::int64_t> tiles{416};  ///< edges of the tiles that are searched, in pixels
  double every_s = 15;            ///< one picture in so many seconds
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(ParkingWords, (), (threshold, tiles, every_s))

struct PlatesWords {
  double least_score = 0.8;       ///< of the vote
  std::int64_t looks = 3;         ///< that vote before a plate is told
  double forget_s = 8;            ///< unseen for so long it has left; when it comes back it is told again
  std::vector<std::string> list;  ///< plates that are known here: a reading within one edit of just one of them is taken for it
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(PlatesWords, (), (least_score, looks, forget_s, list))

struct FacadeWords {
  Polygon corners;  ///< four, clockwise from the upper left: top of the highest floor, ground line
  std::int64_t floors = 1, columns = 1;
  double floor_height_m = 3.0, column_width_m = 4.0;
  static constexpr auto defaulted = members("floors", "columns", "floor_height_m", "column_width_m");
};
BOOST_DESCRIBE_STRUCT(FacadeWords, (), (corners, floors, columns, floor_height_m, column_width_m))

struct BagWords {
  double still_s = 20;      ///< how long a thing must lie
  double alone_s = 5;       ///< and nobody be near it
  double least_area = 0.0008;  ///< of the picture
  double most_area = 0.08;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(BagWords, (), (still_s, alone_s, least_area, most_area))

struct DutyWords {
  double absent_s = 300;    ///< an empty zone for so long is told
  double least_score = 0.4;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(DutyWords, (), (absent_s, least_score))

struct EbikeWords {
  double least_score = 0.2;  ///< low, because several pictures must agree
  double window_s = 3;      ///< votes within so long …
  std::int64_t votes = 3;   ///< … so many pictures
  double clear_s = 4;       ///< without one: gone
  Polygon door;             ///< the door's side of the picture: only what was seen there counts; none: everything does
  std::string second_look;  ///< a file that `lifang-vision learn ebike` wrote; empty: the detector alone
  bool second_look_decides = false;  ///< else it is only written down beside the detector's word
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(EbikeWords, (), (least_score, window_s, votes, clear_s, door, second_look, second_look_decides))

/// One thing to watch for in one part of the picture: a blocked fire lane, a crowd, somebody who stays, lights left on.
struct AreaWords {
  std::string kind;                 ///< of the detection: "fire_lane_blocked", "crowd", "loitering", "lights_left_on"
  Polygon zone;
  std::vector<Kind> classes{Kind::car, Kind::bus, Kind::truck};
  std::int64_t least = 1;           ///< so many at once
  double least_score = 0.35;
  double for_s = 60, clear_s = 20;
  std::optional<double> brightness; ///< 0–255: lit from here on; it is told when nobody of the classes is there
  static constexpr auto defaulted = members("classes", "least", "least_score", "for_s", "clear_s");
};
BOOST_DESCRIBE_STRUCT(AreaWords, (), (kind, zone, classes, least, least_score, for_s, clear_s, brightness))

struct BinWords {
  std::string id;
  Polygon mouth;      ///< what lies above the rim
  std::string empty;  ///< a picture of this camera with the bin empty
  double full = 0.6, emptied = 0.3;  ///< share of the mouth that is covered
  double for_s = 20;
  static constexpr auto defaulted = members("full", "emptied", "for_s");
};
BOOST_DESCRIBE_STRUCT(BinWords, (), (id, mouth, empty, full, emptied, for_s))

struct FallWords {
  double tilt = 45, drop = 0.35, within_s = 2, down_s = 5, lying_s = 60, least_score = 0.3;  ///< as FallLimits
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(FallWords, (), (tilt, drop, within_s, down_s, lying_s, least_score))

/// Faces at a gate: one of two factors. `zones` say where somebody stands who asks to come in.
struct FaceWords {
  double threshold = 0.45;     ///< distance of two prints of one person; the network's author says 0.6, which no gate should believe
  double least_living = 0.8;   ///< below it a picture is held up
  double turn = 0.12;          ///< so far the nose must move while somebody stands there; 0 asks for no turn of the head
  double least_px = 80;        ///< shorter side of a face
  std::int64_t looks = 3;      ///< that agree
  double forget_s = 4;         ///< nobody there for so long: the visit is over
  std::vector<std::string> forget;  ///< templates to delete, as whoever withdrew consent at the node has them written here
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(FaceWords, (), (threshold, least_living, turn, least_px, looks, forget_s, forget))

struct View {
  /// [width, height] of the picture on which the polygons were drawn; empty: as large as the stream's pictures.
  std::vector<std::int64_t> size;
  std::vector<SlotWords> slots;
  std::vector<Polygon> zones;    ///< duty zones, where bags are looked for, the floor of a lift's cabin, where faces stand; none: everywhere
  std::vector<Polygon> shields;  ///< for falling objects: nothing is looked for there
  std::vector<Polygon> masks;    ///< private: blackened before anything looks, and in every still
  std::optional<FacadeWords> facade;
  ParkingWords parking;
  PlatesWords plates;
  BagWords bag;
  DutyWords duty;
  EbikeWords ebike;
  std::vector<AreaWords> areas;
  std::vector<BinWords> bins;
  FallWords fall;
  FaceWords face;
  std::vector<HoursWords> hours;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(View, (), (size, slots, zones, shields, masks, facade, parking, plates, bag, duty, ebike, areas, bins, fall, face, hours))

/// A TOML file as JSON, for the readers of described structs. Throws Refusal: (missing) vision.no_config, (unreadable)
/// vision.config with the line.
boost::json::value toml_of(const std::filesystem::path& file);
boost::json::value toml_text(std::string_view text, std::string_view name);  ///< the same; `name` stands in refusals
/// Throws Refusal as toml_of and read<View> do; every polygon must have three corners of two numbers, every slot and bin a name of its own.
View load_view(const std::filesystem::path& file);
void check_view(const View& view, const std::string& pointer);
/// Which judgements of `asked` are made at this minute, as bits: 1 << Judgement.
std::uint32_t judged_at(const View& view, const std::vector<Judgement>& asked, Time now, std::int64_t offset_minutes);
/// The same for pictures of another size than the one on which it was drawn.
View fitted(View view, cv::Size picture);

std::vector<cv::Point> pixels_of(const Polygon& polygon);
std::vector<cv::Point2f> points_of(const Polygon& polygon);
std::vector<std::vector<cv::Point>> pixels_of(const std::vector<Polygon>& polygons);
std::vector<Slot> slots_of(const View& view);
/// The configured façade; without one the whole picture, as 20 floors and 10 columns: falls are found, their floor is only a guess.
Facade facade_of(const View& view, cv::Size picture);
AreaJudge judge_of(const AreaWords& words);
/// Its second look, if one is configured. Throws Refusal as SecondLook::load does.
std::optional<SecondLook> second_look_of(const EbikeWords& words);
EbikeJudge judge_of(const EbikeWords& words, const std::optional<SecondLook>& second);
/// The best two-wheeler that is sure enough and stands in one of the zones (the cabin; none: everywhere, also in the lobby behind an open
/// door). None: nullptr.
const FoundObject* two_wheeler_of(const EbikeWords& words, const std::vector<FoundObject>& found,
                                  const std::vector<std::vector<cv::Point>>& zones);
/// The same of those that came in through the door; `door` follows them all, wherever they stand.
const FoundObject* two_wheeler_of(const EbikeWords& words, const std::vector<FoundObject>& found,
                                  const std::vector<std::vector<cv::Point>>& zones, DoorSide& door, double seconds);
/// `picture`: size of the stream's pictures, to which that of the empty bin is brought. Throws Refusal missing vision.no_picture when it
/// cannot be read, invalid vision.bin when the mouth lies outside.
BinJudge judge_of(const BinWords& words, cv::Size picture);
FallLimits limits_of(const FallWords& words);
FaceLimits limits_of(const FaceWords& words);
PlateLimits limits_of(const PlatesWords& words);
/// Boxes and scores of the classes that an area asks for.
std::vector<std::pair<cv::Rect2f, float>> things_of(const AreaWords& words, const std::vector<FoundObject>& found);
/// Masks as they are laid on a picture. One whose sides cross is taken with all that it encloses: its convex hull, because a fill by even and odd
/// would leave its middle bare.
std::vector<std::vector<cv::Point>> mask_pixels(const std::vector<Polygon>& masks);
/// Whether the larger part of a mask lies beside a picture of this size: then it was drawn on another one, and hides the wrong thing.
bool lies_beside(const std::vector<cv::Point>& mask, cv::Size picture);
/// Blackens the masks.
void hide(cv::Mat& picture, const std::vector<std::vector<cv::Point>>& masks);

/// The slots of a PKLot annotation (XML with <space id> and <contour>): their ids and polygons, never their truth.
std::vector<Slot> pklot_slots(const std::filesystem::path& xml);

}  // namespace lifang::vision
