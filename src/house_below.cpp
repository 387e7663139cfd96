#include "house_below.hpp"

#include "house.hpp"
#include "rooms/cases/cases_catalogue.hpp"

namespace lifang {

devices::Below below_devices(House& house) {
  devices::Below below;
  below.warnings = [&house](Reader& reader, const devices::Profile& before, const devices::ProfileWords& after) {
    rules::Warnings warnings = house.rules.warnings_of(reader, before, after);
    return devices::Below::Warnings{std::move(warnings.en), std::move(warnings.zh)};
  };
  below.ahead = [&house](std::uint32_t device) {
    // A device's clock may run a little before ours; a minute is worth no word.
    const std::int64_t soon = to_ms(house.world.clock.now()) + 60'000;
    std::optional<Time> ahead;
    house.readings.each_latest(device, [&](std::uint16_t, const readings::Point& point) {
      if (point.ts > soon && (!ahead || from_ms(point.ts) > *ahead)) ahead = from_ms(point.ts);
    });
    return ahead;
  };
  return below;
}

rules::Rules::Known known_to_rules(House& house) {
  return {[&house](Reader& reader, const std::string& kind) {
            const auto found = house.cases.catalogue().find(reader, kind);
            return found && !found->retired;
          },
          [](Reader& reader, const std::string& organisation) {
            return is_client_id(organisation) && people::People::find_organisation(reader, people::OrganisationId{organisation});
          }};
}

}  // namespace lifang
