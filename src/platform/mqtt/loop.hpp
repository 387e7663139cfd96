// Loop: one I/O thread with its epoll set, its connections and its letter box.
#pragma once
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "platform/mqtt/hub.hpp"
#include "platform/mqtt/session.hpp"
#include "platform/mqtt/socket.hpp"

namespace lifang::mqtt {

/// A connection id holds its thread (8 bits), a generation (32) and its place in the thread's table
/// (24).
constexpr unsigned thread_of(ConnectionId id) {
  return static_cast<unsigned>(id >> 56);
}

/// Something that another thread asks of a loop.
struct Letter {
  enum class Kind : std::uint8_t { adopt, admit, publish, close };
  Kind kind = Kind::adopt;
  std::uint8_t qos = 0;
  Why why = Why::ok;
  Reason reason = Reason::success;
  bool tls = false;
  int descriptor = -1;
  ConnectionId to = 0;
  std::uint64_t cookie = 0;
  Device device;
  std::string topic;
  std::string payload;
};

class Loop final : public Surroundings {
 public:
  /// Listens on the given descriptors, and hands what it accepts to all loops in turn.
  Loop(Hub& hub, unsigned index);
  ~Loop() override;
  void listen(int descriptor, bool tls);
  void start();
  void join();

  // From any thread.
  void post(Letter letter);
  void post(std::span<const Ack> acks);
  void wake();

  void entered(Session& session) override;
  std::string peer(const Session& session) override;

 private:
  /// One read takes at most so much.
  static constexpr std::size_t kChunk = 32 * 1024;
  /// A rest of up to so much is copied in front of the next read; larger ones are read onto in
  /// place.
  static constexpr std::size_t kSmallRest = 8 * 1024;

  struct Connection;
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;
  };

  void run();
  void wait();
  void see(std::uint64_t what, std::uint32_t events);
  void open_letters();
  void open_letter(Letter& letter);
  void flush_all();
  void read_all();
  void sweep();
  void begin_stop();
  bool stopped();

  void accept_from(std::size_t listener);
  void look_for_room();
  void adopt(int descriptor, bool tls);
  Connection* find(ConnectionId id);
  void want_flush(Connection& connection);
  void want_read(Connection& connection);
  bool may_read(const Connection& connection) const;
  void read(Connection& connection);
  void pull(Connection& connection);
  std::ptrdiff_t pull_into(Connection& connection, char* to, std::size_t room);
  void feed_kept(Connection& connection);
  void keep(Connection& connection, std::string_view bytes);
  void discard(Connection& connection);
  void flush(Connection& connection);
  bool write_out(Connection& connection);
  bool write_acknowledgements(Connection& connection);
  void conclude(Connection& connection);
  void destroy(Connection& connection);

  struct Listener {
    int descriptor;
    bool tls;
  };

  Hub& hub_;
  const unsigned index_;
  int epoll_ = -1;
  int wake_ = -1;
  int spare_ = -1;  ///< a descriptor to give up when there are none left
  std::vector<Listener> listeners_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<ConnectionId> reads_;
  std::vector<ConnectionId> flushes_;
  std::vector<ConnectionId> working_;
  std::unique_ptr<char[]> scratch_;
  std::size_t buffered_ = 0;  ///< capacity of all input buffers
  Duration swept_at_{};
  Duration stop_by_{};
  bool stopping_ = false;
  unsigned next_loop_ = 0;

  std::mutex mutex_;
  std::vector<Letter> letters_;
  std::vector<Ack> acks_;
  std::vector<Letter> letters_open_;
  std::vector<Ack> acks_open_;
  std::atomic<bool> woken_{false};
  bool own_mail_ = false;  ///< posted by this very thread: no need to wake it
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
};

}  // namespace lifang::mqtt
