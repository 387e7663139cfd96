// Every SQL statement of the room exchange.
#pragma once
#include "rooms/exchange/exchange.hpp"

namespace lifang::exchange::store {

struct Order {
  std::string number;
  CaseId case_;
  std::string path, digest;
  Time received_at;
  std::string reply;
  std::optional<Time> replied_at;
  std::string replied_by;
};

void keep(Tx& tx, const Order& order);
std::optional<Order> find(Reader& reader, const std::string& number);
std::vector<Order> list(Reader& reader, const std::vector<std::string>& roots, const HotlineFilter& filter);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::exchange::store
