#include "base/refusal.hpp"

namespace lifang {

int http_status(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::unreadable: return 400;
    case RefusalKind::unauthenticated: return 401;
    case RefusalKind::forbidden: return 403;
    case RefusalKind::missing: return 404;
    case RefusalKind::conflict: return 409;
    case RefusalKind::invalid: return 422;
    case RefusalKind::too_large: return 413;
    case RefusalKind::too_many: return 429;
    case RefusalKind::unavailable: return 503;
  }
  return 500;
}

}  // namespace lifang
