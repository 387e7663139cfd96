// CONNECT, DISCONNECT and the time-outs around them, as conversations after the OASIS specifications.
#include <gtest/gtest.h>

#include "support/mqtt_talk.hpp"

namespace lifang {
namespace {

TEST(MqttConnect, three_one_one_with_user_and_password_is_let_in) {
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 003C "c1" "dev" "secret"}
    < 20 02 00 00
    > C0 00
    < D0 00
    > 32 {"v1/devices/me/telemetry" 0007 '{"pm25":151.0}'}
    < 40 02 0007
    > E0 00
    < closed
  )");
}

}  // namespace
}  // namespace lifang
