#include "base/check.hpp"
#include "platform/http/connection.hpp"

namespace lifang::http {
namespace detail {

Exchange::Exchange(Connection& connection, Loop& loop, std::uint64_t number)
    : connection_(connection.weak_from_this()),
      gate_(loop.gate()),
      loop_(&loop),
      number_(number),
      stream_limit_(loop.config().stream_queue) {}

// On the connection's thread and inside its own turn the answer is taken at once; everybody else
// posts it.
template <class Work>
bool Exchange::deliver(Work&& work) {
  if (Loop::current() == loop_) {
    const auto connection = connection_.lock();
    if (!connection) return false;
    if (connection->running()) {
      work(*connection);
      return true;
    }
  }
  return gate_->post([connection = connection_, work = std::forward<Work>(work)]() mutable {
    if (const auto alive = connection.lock()) work(*alive);
  });
}

void Exchange::answer(Response&& response, bool lost) {
  deliver([number = number_, lost, response = std::move(response)](Connection& connection) mutable {
    connection.answer(number, std::move(response), lost);
  });
}

std::shared_ptr<StreamQueue> Exchange::stream(Response&& head) {
  auto queue =
      std::make_shared<StreamQueue>(stream_limit_, [gate = gate_, connection = connection_] {
        gate->post([connection] {
          if (const auto alive = connection.lock()) alive->wake();
        });
      });
  // Whatever becomes of the work, also if it is thrown away with its loop: nobody may wait for a
  // stream that never began.
  struct Begin {
    std::shared_ptr<StreamQueue> queue;
    bool begun = false;
    explicit Begin(std::shared_ptr<StreamQueue> queue_) : queue(std::move(queue_)) {}
    Begin(Begin&& other) noexcept : queue(std::move(other.queue)), begun(other.begun) {}
    ~Begin() {
      if (queue && !begun) queue->closed();
    }
  };
  deliver([number = number_, head = std::move(head),
           begin = Begin(queue)](Connection& connection) mutable {
    begin.begun = true;
    connection.begin_stream(number, std::move(head), begin.queue);
  });
  return queue;
}

}  // namespace detail

Responder::Responder(std::unique_ptr<detail::Exchange> exchange) : exchange_(std::move(exchange)) {}
Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(exchange_, other.exchange_);
  return *this;
}

Responder::~Responder() {
  if (!exchange_) return;
  exchange_->answer(problem(500, "http.unanswered", "nobody answered the request"), true);
}

void Responder::answer(Response&& response) {
  check(exchange_ != nullptr, "a request is answered once");
  const auto exchange = std::move(exchange_);
  exchange->answer(std::move(response), false);
}

Stream Responder::stream(Response head) {
  check(exchange_ != nullptr, "a request is answered once");
  const auto exchange = std::move(exchange_);
  return Stream(std::make_shared<detail::StreamEnd>(exchange->stream(std::move(head))));
}

}  // namespace lifang::http
