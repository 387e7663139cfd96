// A request on its way through Routes. Included by the parts of Routes only.
#pragma once
#include "platform/http/routes.hpp"

namespace lifang::http {

struct Routes::Held {
  Held(Request&& request_, Responder responder_)
      : request(std::move(request_)), call{request, {}, {}}, responder(std::move(responder_)) {}
  Request request;
  QueryWatch watch;
  Call call;
  Responder responder;
  std::size_t route = 0;
  std::string sheet;  ///< "csv" or "xlsx" when the list is wanted as a file
};

}  // namespace lifang::http
