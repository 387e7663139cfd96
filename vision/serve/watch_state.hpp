// How a camera fares: what status.json says of it.
#pragma once
#include <cstdint>
#include <string>

#include "base/describe.hpp"

namespace lifang::vision {

/// What status.json says of a camera.
struct WatchState {
  std::string id, state;  ///< "waiting", "watching", "broken", "ended", "dark" (its drawn masks cannot be read, or lie beside the picture)
  std::string trouble;    ///< of the last break
  std::uint64_t packets = 0, pictures = 0, corrupt = 0, shed = 0, breaks = 0, events = 0;
  std::uint64_t ring_bytes = 0;
  double delay_s = 0;     ///< by which reading lags behind a live stream
  bool disk_refused = false;
  std::string drawn_off;     ///< why what was drawn in the console is not taken, or not as a whole
  std::string bins_refused;  ///< which bins are not watched, and why
  /// Of the second look at e-bikes: empty (none), "shadow", "decides", or why its file was refused; how often it agreed with the
  /// detector's alarm, how often not, and how many alarms it withheld.
  std::string second_look;
  std::uint64_t second_agreed = 0, second_differed = 0, second_withheld = 0;
  /// Visits at a gate: known, strangers, and pictures that were held up; why nobody can be known.
  std::uint64_t faces_known = 0, faces_strange = 0, faces_not_living = 0;
  std::string faces_trouble;
};
BOOST_DESCRIBE_STRUCT(WatchState, (), (id, state, trouble, packets, pictures, corrupt, shed, breaks, events, ring_bytes, delay_s, disk_refused, drawn_off,
                                       bins_refused, second_look, second_agreed, second_differed, second_withheld, faces_known,
                                       faces_strange, faces_not_living, faces_trouble))

}  // namespace lifang::vision
