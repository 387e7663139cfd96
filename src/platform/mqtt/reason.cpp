#include "platform/mqtt/reason.hpp"

#include <array>

namespace lifang::mqtt {
namespace {

struct Words {
  Why why;
  std::string_view name;
  Reason reason;
};

constexpr std::array<Words, kWhys> kWords{{
    {Why::ok, "ok", Reason::success},
    {Why::length_malformed, "length_malformed", Reason::malformed},
    {Why::length_overlong, "length_overlong", Reason::malformed},
    {Why::packet_too_large, "packet_too_large", Reason::packet_too_large},
    {Why::reserved_type, "reserved_type", Reason::malformed},
    {Why::reserved_flags, "reserved_flags", Reason::malformed},
    {Why::server_packet, "server_packet", Reason::protocol_error},
    {Why::truncated, "truncated", Reason::malformed},
    {Why::trailing_bytes, "trailing_bytes", Reason::malformed},
    {Why::utf8_malformed, "utf8_malformed", Reason::malformed},
    {Why::utf8_null, "utf8_null", Reason::malformed},
    {Why::packet_id_zero, "packet_id_zero", Reason::protocol_error},
    {Why::reason_unknown, "reason_unknown", Reason::malformed},
    {Why::property_unknown, "property_unknown", Reason::malformed},
    {Why::property_repeated, "property_repeated", Reason::protocol_error},
    {Why::property_value, "property_value", Reason::protocol_error},
    {Why::property_from_server, "property_from_server", Reason::protocol_error},
    {Why::connect_expected, "connect_expected", Reason::protocol_error},
    {Why::connect_repeated, "connect_repeated", Reason::protocol_error},
    {Why::protocol_name, "protocol_name", Reason::unsupported_version},
    {Why::protocol_version, "protocol_version", Reason::unsupported_version},
    {Why::connect_reserved, "connect_reserved", Reason::malformed},
    {Why::will_flags, "will_flags", Reason::malformed},
    {Why::password_alone, "password_alone", Reason::malformed},
    {Why::client_id_refused, "client_id_refused", Reason::client_id_invalid},
    {Why::authentication_method, "authentication_method", Reason::bad_authentication_method},
    {Why::publish_qos, "publish_qos", Reason::malformed},
    {Why::publish_dup, "publish_dup", Reason::malformed},
    {Why::topic_empty, "topic_empty", Reason::protocol_error},
    {Why::topic_wildcard, "topic_wildcard", Reason::malformed},
    {Why::topic_too_long, "topic_too_long", Reason::topic_invalid},
    {Why::topic_alias_invalid, "topic_alias_invalid", Reason::topic_alias_invalid},
    {Why::topic_alias_unknown, "topic_alias_unknown", Reason::protocol_error},
    {Why::receive_maximum, "receive_maximum", Reason::receive_maximum_exceeded},
    {Why::pubrel_too_early, "pubrel_too_early", Reason::protocol_error},
    {Why::filter_missing, "filter_missing", Reason::protocol_error},
    {Why::filter_malformed, "filter_malformed", Reason::malformed},
    {Why::shared_subscription, "shared_subscription", Reason::shared_subscriptions_not_supported},
    {Why::filter_too_long, "filter_too_long", Reason::filter_invalid},
    {Why::subscribe_options, "subscribe_options", Reason::malformed},
    {Why::session_expiry_raised, "session_expiry_raised", Reason::protocol_error},
    {Why::auth_unexpected, "auth_unexpected", Reason::protocol_error},
    {Why::bad_credentials, "bad_credentials", Reason::bad_credentials},
    {Why::not_authorized, "not_authorized", Reason::not_authorized},
    {Why::admission_refused, "admission_refused", Reason::unavailable},
    {Why::foreign_topic, "foreign_topic", Reason::not_authorized},
    {Why::foreign_filter, "foreign_filter", Reason::not_authorized},
    {Why::payload_refused, "payload_refused", Reason::payload_format_invalid},
    {Why::subscriptions_full, "subscriptions_full", Reason::quota_exceeded},
    {Why::connections_full, "connections_full", Reason::busy},
    {Why::buffers_full, "buffers_full", Reason::quota_exceeded},
    {Why::connect_timeout, "connect_timeout", Reason::unspecified},
    {Why::keep_alive_timeout, "keep_alive_timeout", Reason::keep_alive_timeout},
    {Why::slow_reader, "slow_reader", Reason::quota_exceeded},
    {Why::taken_over, "taken_over", Reason::taken_over},
    {Why::closed_by_server, "closed_by_server", Reason::administrative_action},
    {Why::shutting_down, "shutting_down", Reason::shutting_down},
    {Why::tls_failed, "tls_failed", Reason::unspecified},
    {Why::client_disconnected, "client_disconnected", Reason::success},
    {Why::connection_lost, "connection_lost", Reason::unspecified},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kWhys; ++i)
    if (static_cast<std::size_t>(kWords[i].why) != i) return false;
  return true;
}
static_assert(in_order(), "the table follows the enumeration");

}  // namespace

std::string_view name(Why why) {
  return kWords[static_cast<std::size_t>(why)].name;
}
Reason reason_of(Why why) {
  return kWords[static_cast<std::size_t>(why)].reason;
}

}  // namespace lifang::mqtt
