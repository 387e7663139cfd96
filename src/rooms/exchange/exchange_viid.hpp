// Frames of GA/T 1400.3 and 1400.4 (视图库): numbers, times, objects and answers. Pure.
#pragma once
#include <span>

#include "rooms/exchange/exchange_captures_values.hpp"

namespace lifang::exchange::viid {

inline constexpr std::string_view kContentType = "application/VIID+JSON;charset=UTF-8";

// ---- numbers and times --------------------------------------------------------------------------------------------

/// 20 digits (GB/T 28181 annex D: 8 region, 2 trade, 3 type, 7 serial).
bool is_number(std::string_view text);
/// A camera (type 132) of the system's region and trade, for a device that has no number of its own.
std::string number_of_device(std::string_view system, std::uint32_t device);
/// yyyyMMddHHmmss in Asia/Shanghai (UTC+8, no summer time since 1991).
std::string time_text(Time t);
std::optional<Time> read_time(std::string_view text);
/// Element of information (GA/T 1400.1): device 20, "02" image, time 14, serial 5: 41 digits.
std::string image_id(std::string_view device, Time shot, std::int64_t serial);
/// Content element: image 41, "02" motor vehicle or "06" face, serial 5: 48 digits. One object a picture, so 00001.
std::string object_id(CaptureKind kind, std::string_view image);
/// The picture of an object, and the next one: scene and cut-out of a capture.
std::string_view scene_of(std::string_view object);
std::string cutout_of(std::string_view object);

// ---- what goes up -------------------------------------------------------------------------------------------------

/// One picture: Type "14" the whole scene, "02" the cut-out of a plate, "11" of a face (GA/T 1400.3 B.3).
struct Picture {
  std::string id, type, format;  ///< format: "Jpeg", "Png"
  std::int64_t width = 0, height = 0;
  std::string bytes;
};
struct Box {
  std::int64_t left = 0, top = 0, right = 0, bottom = 0;  ///< pixels of the scene
};
/// What is known of a plate's vehicle, in the standard's codes; what is not known stays empty and is sent as such.
struct Plate {
  std::string number;
  std::string colour, class_, vehicle_colour;  ///< "5", "02", "99": colour and plate class
  double confidence = 0;                       ///< 0…1
};
struct Object {
  CaptureKind kind = CaptureKind::plate;
  std::string id, device;
  Time shot;
  std::optional<Box> box;
  Plate plate;
  std::vector<Picture> pictures;
};

/// A MotorVehicleObject or FaceObject. Of a face nothing is said but where and when: whatever the standard wants to know
/// of the person is 2, "not known".
std::string object_text(const Object& object);
/// {"MotorVehicleListObject":{"MotorVehicleObject":[…]}} or {"FaceListObject":{"FaceObject":[…]}}.
std::string list_text(CaptureKind kind, std::span<const std::string> objects);
std::string_view target_of(CaptureKind kind);  ///< "/VIID/MotorVehicles", "/VIID/Faces"
std::string register_text(std::string_view system);
std::string unregister_text(std::string_view system);
std::string keepalive_text(std::string_view system);

/// The standard's code of a colour in words of either language ("blue", "蓝"), "99" for any other.
std::string colour_code(std::string_view words);
/// The plate class (GA/T 16.7) where grammar and colour leave no doubt; "99" where they do.
std::string class_code(std::string_view number, std::string_view colour);

// ---- what comes back ----------------------------------------------------------------------------------------------

struct Status {
  std::string id;  ///< of the object; empty where the answer names none
  std::int64_t code = 0;
  std::string words;
};
/// Every ResponseStatusObject of an answer in order, however it is wrapped, with StatusCode as a number or as a string;
/// none where it holds none; nullopt for what is no JSON, or calls itself a status and is none.
std::optional<std::vector<Status>> read_statuses(std::string_view body);
/// LocalTime of a SystemTimeObject.
std::optional<Time> read_system_time(std::string_view body);

}  // namespace lifang::exchange::viid
