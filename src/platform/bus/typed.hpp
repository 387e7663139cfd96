// Events as described structs: `static constexpr std::string_view topic` plus BOOST_DESCRIBE_STRUCT.
#pragma once
#include "base/reflect.hpp"
#include "platform/bus/bus.hpp"

namespace lifang::bus {

template <class Event>
void tell(Bus& bus, Tx& tx, const Event& event, About about) {
  bus.tell(tx, Event::topic, to_json(event), std::move(about));
}

template <class Event, class Fn>
void hear(Bus& bus, const std::string& hearer, Fn fn) {
  bus.hear(hearer, std::string(Event::topic), [fn = std::move(fn)](Tx& tx, const Told& told) {
    fn(tx, from_json<Event>(told.body), told);
  });
}

}  // namespace lifang::bus
