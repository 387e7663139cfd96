// The channel "webhook": signed POSTs to whoever subscribed, never into the inside of the network.
#pragma once
#include "platform/db/db.hpp"
#include "rooms/notices/notices.hpp"

namespace lifang::notices {

/// A receiver gets the event as JSON with `X-Lifang-Delivery` (the same on every attempt), `X-Lifang-Timestamp` (Unix
/// seconds) and `X-Lifang-Signature` (signature_of in notices_rules.hpp); any 2xx is a receipt, 410 ends the trying.
class WebhookChannel final : public Channel {
 public:
  /// `inside`: addresses of the own network are allowed (a receiver beside the node).
  WebhookChannel(db::ReaderPool& readers, const Notices& notices, const Clock& clock, bool inside)
      : readers_(readers), notices_(notices), clock_(clock), inside_(inside) {}
  std::string_view name() const override { return "webhook"; }
  Attempt send(const Message& message) override;

 private:
  db::ReaderPool& readers_;
  const Notices& notices_;
  const Clock& clock_;
  bool inside_;
};

}  // namespace lifang::notices
