// A PostgreSQL server of the tests' own: started on first use in a temporary folder, gone with the process.
#pragma once
#include <string>

namespace lifang {

class PrivatePostgres {
 public:
  /// The one server of this process.
  static PrivatePostgres& get();
  /// Makes an empty database (or a copy of `like`) and returns its URL.
  std::string create(const std::string& name, const std::string& like = "");
  void drop(const std::string& name);
  std::string url(const std::string& name) const;
  const std::string& directory() const { return directory_; }  ///< where its socket lies
  /// For fault tests: a stop without farewell, and a start on the same data.
  void stop();
  void start();

  PrivatePostgres();
  ~PrivatePostgres();

 private:
  void run(const std::string& words) const;
  std::string directory_;
};

}  // namespace lifang
