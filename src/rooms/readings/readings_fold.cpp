#include "rooms/readings/readings_fold.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace lifang::readings {
namespace {

constexpr std::size_t kSmallPart = 64;

void decode_part(std::int64_t block, const Part& part, std::vector<Point>& points) {
  check(decode_chunk(part.body, block * kBlockMs, points), "a chunk of readings cannot be read");
}

}  // namespace

std::vector<std::span<const Point>> by_block(std::span<const Point> points) {
  std::vector<std::span<const Point>> blocks;
  while (!points.empty()) {
    const std::int64_t end = (block_of(points.front().ts) + 1) * kBlockMs;
    const auto next = std::partition_point(points.begin(), points.end(),
                                           [&](const Point& p) { return p.ts < end; });
    const auto n = static_cast<std::size_t>(next - points.begin());
    blocks.push_back(points.first(n));
    points = points.subspan(n);
  }
  return blocks;
}

bool takes_in(std::size_t part_points, std::size_t n) {
  return part_points <= std::max(kSmallPart, 2 * n) && part_points + n <= kOpenPartPoints;
}

std::vector<Part> parts_of(std::int64_t block, std::span<const Point> points, std::size_t most,
                           std::int64_t first_part, std::int64_t arrived) {
  std::vector<Part> parts;
  const std::int64_t origin = block * kBlockMs;
  // Even pieces: a last row of three points would cost as much as a full one.
  const std::size_t pieces = (points.size() + most - 1) / most;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t begin = points.size() * i / pieces, end = points.size() * (i + 1) / pieces;
    const auto piece = points.subspan(begin, end - begin);
    parts.push_back({first_part + static_cast<std::int64_t>(i), piece.front().ts - origin,
                     piece.back().ts - origin, static_cast<std::int64_t>(piece.size()), arrived,
                     encode_chunk(piece, origin)});
  }
  return parts;
}

Change fold_into(std::int64_t block, std::uint32_t series, std::vector<Part> newest,
                 std::vector<Point> points, std::int64_t arrived) {
  Change change{block, series, {}, {}};
  std::int64_t next = newest.empty() ? 0 : newest.front().part + 1;
  for (const Part& part : newest) {
    if (part.body.empty() || !takes_in(static_cast<std::size_t>(part.points), points.size()) ||
        arrived - part.arrived > kArrivalDays)
      break;
    std::vector<Point> earlier;
    decode_part(block, part, earlier);
    merge(earlier, points);
    points = std::move(earlier);
    arrived = std::max(arrived, part.arrived);
    change.removed.push_back(part.part);
    next = part.part;
  }
  change.put = parts_of(block, points, kOpenPartPoints, next, arrived);
  std::erase_if(change.removed, [&](std::int64_t part) {
    return part < next + static_cast<std::int64_t>(change.put.size());
  });
  return change;
}

std::vector<Part> settled(std::int64_t block, std::span<const Part> parts, std::int64_t first_part,
                          std::vector<Point>& points) {
  std::vector<Part> rows;
  std::vector<Point> group;
  while (!parts.empty()) {
    group.clear();
    const std::int64_t begun = parts.front().arrived;
    std::int64_t arrived = begun;
    for (; !parts.empty() && parts.front().arrived <= begun + kArrivalDays;
         parts = parts.subspan(1)) {
      decode_part(block, parts.front(), group);
      arrived = std::max(arrived, parts.front().arrived);
    }
    settle(group);
    points.insert(points.end(), group.begin(), group.end());
    for (Part& row : parts_of(block, group, kSettledPartPoints, first_part, arrived))
      rows.push_back(std::move(row));
    first_part = rows.back().part + 1;
  }
  settle(points);
  return rows;
}

std::vector<std::size_t> worth_merging(std::span<const Part> parts) {
  std::vector<std::size_t> order(parts.size()), worth;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return parts[a].since < parts[b].since; });
  std::vector<bool> chosen(parts.size());
  std::size_t widest = 0;  // of the parts so far in order of time, the one that reaches furthest
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Part& part = parts[order[i]];
    if (part.points * 2 < static_cast<std::int64_t>(kSettledPartPoints)) chosen[order[i]] = true;
    if (i > 0 && part.since <= parts[order[widest]].till)
      chosen[order[i]] = chosen[order[widest]] = true;
    if (part.till >= parts[order[widest]].till) widest = i;
  }
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (chosen[i]) worth.push_back(i);
  if (worth.size() < 2) worth.clear();
  return worth;
}

}  // namespace lifang::readings
