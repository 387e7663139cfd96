// Connection: one client, from the accept to the close. Lives on the thread of its Loop. Internal
// to the server.
#pragma once
#include "platform/http/loop.hpp"
#include "platform/http/request_parser.hpp"
#include "platform/http/stream_queue.hpp"

namespace lifang::http::detail {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Descriptor socket, std::string remote,
             std::shared_ptr<const TlsContext> tls);
  ~Connection();

  void start();
  /// The answer to request `number`; ignored if that one is no longer waiting. `lost`: nobody
  /// answered.
  void answer(std::uint64_t number, Response&& response, bool lost);
  void begin_stream(std::uint64_t number, Response&& head,
                    const std::shared_ptr<StreamQueue>& queue);
  void wake() { run(); }  ///< the stream's queue has changed
  void look();            ///< the sweep passes
  void wind_down();       ///< the server stops: end what is not a running request
  void cut();             ///< end at once
  bool running() const { return running_; }

  std::size_t place = 0;  ///< index in the loop's list

 private:
  enum class State {
    handshake,
    reading,
    dispatching,
    handling,
    writing,
    streaming,
    lingering,
    closed
  };
  enum class Next { again, rest, read, write };

  void run();
  Next step();
  Next shake();
  Next read_request();
  bool consume(std::string_view& input);
  bool accept_head(bool nothing_follows);
  bool accept_piece(std::string_view piece);
  bool spill();
  void release_charge();
  void dispatch();
  bool refuse(const RequestParser::Refused& refused);
  void begin_writing(Response&& response);
  void write_head(const Response& response, const std::size_t* length);
  Next write_out();
  Next after_answer();
  Next pump();
  Next linger();
  Next drain();
  Moved flush();
  Moved receive(char* to, std::size_t room, std::size_t& got);
  Moved send_some(std::size_t& put);
  void wait_readable();
  void wait_writable();
  void deadline_in(Duration d) { deadline_ = loop_.elapsed() + d; }
  void no_deadline() { deadline_ = Duration::max(); }

  Loop& loop_;
  Watch watch_;
  std::unique_ptr<TlsSession> tls_;
  const std::string remote_;
  const bool is_tls_;
  State state_;
  bool running_ = false, read_waits_ = false, write_waits_ = false;
  bool readable_ = false;  ///< the socket may hold bytes
  bool starving_ = false;  ///< input_ alone does not move the parser
  bool close_after_ = false, head_only_ = false, refused_ = false;
  bool begun_ = false;  ///< a byte of the request is here
  Duration deadline_, body_began_{0}, last_written_{0};
  std::uint64_t body_received_ = 0;
  bool to_file_ = false;  ///< a large body of this request may
  std::size_t charged_ = 0, drained_ = 0;

  std::string input_;  ///< received, not yet parsed
  RequestParser parser_;
  std::uint64_t number_ = 0;
  std::optional<Response> answer_;
  bool answer_lost_ = false;

  std::string head_;
  std::vector<Bytes> out_;
  std::size_t out_index_ = 0, out_offset_ = 0;
  std::size_t uncounted_ = 0;  ///< bytes at the front of out_ that did not come from queue_
  std::shared_ptr<StreamQueue> queue_;
};

/// A request on its way to its answer; see Responder.
class Exchange {
 public:
  Exchange(Connection& connection, Loop& loop, std::uint64_t number);
  void answer(Response&& response, bool lost);
  std::shared_ptr<StreamQueue> stream(Response&& head);

 private:
  template <class Work>
  bool deliver(Work&& work);

  std::weak_ptr<Connection> connection_;
  std::shared_ptr<Gate> gate_;
  const Loop* loop_;  ///< for comparison only: the loop may be gone
  std::uint64_t number_;
  std::size_t stream_limit_;
};

}  // namespace lifang::http::detail
