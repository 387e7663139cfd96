// Views that people keep of the lists of the pages: search, order, columns and filters. A part of the door of accounts.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/json_text.hpp"
#include "rooms/accounts/accounts.hpp"

namespace lifang::accounts {

struct ViewOrder {
  std::string key;  ///< of the column
  bool down = false;
};
BOOST_DESCRIBE_STRUCT(ViewOrder, (), (key, down))

/// How somebody wants to see a list. What columns and filters mean is the page's; here they stay as they came.
struct View {
  static constexpr auto defaulted = members("search", "columns", "filters");
  std::string name;
  std::string search;
  std::optional<ViewOrder> sort;
  std::vector<std::string> columns;
  JsonObject filters;
};
BOOST_DESCRIBE_STRUCT(View, (), (name, search, sort, columns, filters))

/// The views of one list. `id` is the list's, as the page calls it ("cases").
struct ListViews {
  std::string id;
  std::vector<View> views;
  Time kept_at;
};
BOOST_DESCRIBE_STRUCT(ListViews, (), (id, views, kept_at))

/// The caller's own; they go with the account.
class Views {
 public:
  explicit Views(const Accounts& accounts) : accounts_(&accounts) {}

  std::vector<ListViews> list(Reader& reader, const Caller& caller) const;
  /// @throws Refusal missing accounts.no_views
  ListViews get(Reader& reader, const Caller& caller, const std::string& list) const;
  /// Takes the place of what was kept of this list; none: nothing is kept. At most 20 of a list, 4,096 bytes each, of
  /// 100 lists.
  /// @throws Refusal invalid accounts.bad_id, accounts.bad_view, accounts.too_many_views; forbidden accounts.no_account
  ///   (an API key looks at no pages)
  ListViews keep(Tx& tx, const Caller& caller, const std::string& list, const std::vector<View>& views) const;

 private:
  const Accounts* accounts_;
};

}  // namespace lifang::accounts
